// SPDX-License-Identifier: GPL-3.0-or-later
//
// The run of a sampler: its two forms, ctx, and how it ends.

#include "script_host.h"

static void an_adaptive_sampler_takes_one_image_at_a_time(void)
{
    g_autoptr(GError) error = NULL;
    Host host;
    host_init(&host, 2);
    float data[2 * SIZE] = { 0 };
    g_assert_false(
        run(&host, "adaptive = true, sample = function(_, x) return x end", data, &error));
    assert_refused(&error, SFM_ERROR_BAD_ARGUMENT, "'it' is adaptive");
    host_clear(&host);
}

#define UPDATE "x0 + b / 2 * eps + 0.1 * ctx:noise() + 0.01 * ctx:noise()"

static void both_forms_give_the_same(void)
{
    g_autoptr(GError) error = NULL;
    Host host;
    host_init(&host, 2);
    float by_step[2 * SIZE], by_sample[2 * SIZE];
    for (int i = 0; i < 2 * SIZE; i++)
        by_step[i] = by_sample[i] = (float)i;
    run(&host, "step = function(ctx, x, x0, eps, a, b) return " UPDATE " end", by_step, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(host.said->str, ==,
                    "denoise 4;noise 0.1;noise 0.2;step 0 x0;"
                    "denoise 2;noise 1.1;noise 1.2;step 1 x0;"
                    "denoise 1;noise 2.1;noise 2.2;step 2 x0;");
    g_autofree char *said = g_strdup(host.said->str);
    g_string_truncate(host.said, 0);
    run(&host,
        "sample = function(ctx, x, s) for i = 1, #s - 1 do local b = s[i + 1]\n"
        "local x0, eps = ctx:denoise(x, s[i]) x = ctx:step(i, " UPDATE ", x0) end return x end",
        by_sample, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(host.said->str, ==, said);
    g_assert_cmpmem(by_step, sizeof by_step, by_sample, sizeof by_sample);
    host_clear(&host);
}

static void the_host_may_change_x_at_the_end_of_a_step(void)
{
    g_autoptr(GError) error = NULL;
    Host host;
    host_init(&host, 1);
    host.raise = 100;
    float data[SIZE] = { 0 };
    run(&host,
        "sample = function(ctx, x) local y = x + 1 local z = ctx:step(1, y)\n"
        "return 2 * y + z end", // 2 + 101
        data, &error);
    g_assert_no_error(error);
    g_assert_cmpfloat(data[0], ==, 103);
    host_clear(&host);
}

static void what_a_script_asks_reaches_the_host(void)
{
    g_autoptr(GError) error = NULL;
    Host host;
    host_init(&host, 1);
    float data[SIZE] = { 0 };
    run(&host,
        "params = { { 'k', type = 'integer', default = 3 } },\n"
        "sample = function(ctx, x, s, p) assert(ctx.model.width == 3 and #s == 4 and p.k == 3)\n"
        "ctx:denoise(x, 1, { guidance = 2.5, class = 'cat' }) ctx:denoise(x, 1, { class = 7 })\n"
        "ctx:noise(40) ctx:noise() ctx:note('key', 1.5) ctx:log('hello')\n"
        "assert(ctx:timestep(1.5) == 150 and ctx:timestep(0) == 0) return x end",
        data, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(host.said->str, ==,
                    "denoise 1 guidance 2.5 class cat;denoise 1 class 7;noise 0.40;noise 0.1;"
                    "key=1.5;");
    g_assert_cmpuint(host.num_logged, ==, 5);
    host_clear(&host);
}

static void a_script_may_weigh_guidance_by_level(void)
{
    g_autoptr(GError) error = NULL;
    Host host;
    host_init(&host, 1);
    host.guidance = 3;
    float data[SIZE] = { 0 };
    run(&host,
        "params = { { 'k', type = 'number', default = 0.5 } },\n"
        "guidance = function(sigma, w, p) return sigma > 1 and w or p.k * w end,\n"
        "sample = function(ctx, x) ctx:denoise(x, 2) ctx:denoise(x, 1)\n"
        "ctx:denoise(x, 1, { guidance = 7 }) return x end",
        data, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(host.said->str, ==,
                    "denoise 2 guidance 3;denoise 1 guidance 1.5;denoise 1 guidance 7;");
    g_string_truncate(host.said, 0);
    run(&host, "guidance = function(sigma) return sigma end, step = function(_, x) return x end",
        data, &error);
    g_assert_no_error(error);
    g_assert_true(g_str_has_prefix(host.said->str, "denoise 4 guidance 4;step 0 x0;"));
    host_clear(&host);
}

static void a_weight_that_is_none_is_refused_with_the_functions_line(void)
{
    static const char *const answers[][2] = {
        { "return", "it.lua:2: guidance must return a finite number, not a nil" },
        { "return '2'", "not a string" },
        { "return 0/0", "nan" },
        { "return 1/0", "not inf" },
        { "return p.w", "there is no knob 'w'" },
        { "while true do end", "is there an endless loop?" },
    };
    g_autoptr(GError) error = NULL;
    Host host;
    host_init(&host, 1);
    float data[SIZE] = { 0 };
    for (size_t i = 0; i < 2 * G_N_ELEMENTS(answers); i++) {
        g_autofree char *fields =
            g_strdup_printf("%s,\nguidance = function(_, w, p) %s end",
                            i % 2 == 0 ? "step = function(_, x) return x end"
                                       : "sample = function(ctx, x) return (ctx:denoise(x, 1)) end",
                            answers[i / 2][0]);
        g_assert_false(run(&host, fields, data, &error));
        g_assert_cmpuint(g_strrstr(error->message, "it.lua:2: ") - error->message, ==, 0);
        assert_refused(&error, SFM_ERROR_BAD_SCRIPT, answers[i / 2][1]);
    }
    // and what step() then returns is not its fault
    g_assert_false(
        run(&host, "step = function() end,\nguidance = function() return 1 end", data, &error));
    assert_refused(&error, SFM_ERROR_BAD_SCRIPT, "it.lua:1: step must return a tensor, not a nil");
    host_clear(&host);
}

static void the_log_ends_at_64_KiB(void)
{
    g_autoptr(GError) error = NULL;
    Host host;
    host_init(&host, 1);
    float data[SIZE] = { 0 };
    run(&host,
        "sample = function(ctx, x) for _ = 1, 1000 do ctx:log(('x'):rep(1023)) end return x end",
        data, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(host.num_logged, ==, 64 * 1023);
    host_clear(&host);
}

static void the_log_holds_nothing_that_a_terminal_would_obey(void)
{
    g_autoptr(GError) error = NULL;
    Host host;
    host_init(&host, 1);
    float data[SIZE] = { 0 };
    run(&host, "sample = function(ctx, x) ctx:log('\\27[31ma\\nb\\r\\194\\155c\\xff') return x end",
        data, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(host.last_logged, ==, " [31ma b  c\xef\xbf\xbd");
    host_clear(&host);
}

static void cancel_and_a_hosts_failure_pass_every_pcall(void)
{
    g_autoptr(GError) error = NULL;
    Host host;
    host_init(&host, 1);
    host.cancel_at = 1;
    float data[SIZE] = { 0 };
    g_assert_false(run(&host,
                       "sample = function(ctx, x) while true do pcall(function()\n"
                       "x = ctx:step(1, x) x = ctx:step(2, x) end) end end",
                       data, &error));
    g_assert_cmpstr(host.said->str, ==, "step 0;step 1;");
    assert_refused(&error, SFM_ERROR_CANCELLED, "cancelled");
    host_clear(&host);
    fails_with("while true do pcall(ctx.denoise, ctx, x, 99) end", SFM_ERROR_DEVICE_LOST, "gone");
}

static void what_cannot_be_had_is_held_against_the_line_that_asked(void)
{
    g_autoptr(GError) error = NULL;
    Host host;
    float data[SIZE] = { 0 };

    fails("\nreturn pcall(ctx.denoise, ctx, x, 1, { class = 'dog' })", "it.lua:2: cats only");
    fails("\n\nreturn (ctx:denoise(x, 1, { class = 'dog' }))", "it.lua:3: cats only");
    host_init(&host, 1);
    g_assert_false(run(&host, "step = function(ctx, x) ctx:denoise(x, 1, { class = 'dog' }) end",
                       data, &error));
    g_assert_null(strstr(error->message + 1, "it.lua")); // it is said once
    g_clear_error(&error);
    g_assert_false(run(&host,
                       "guidance = function() return -7 end, step = function(_, x) return x end",
                       data, &error));
    assert_refused(&error, SFM_ERROR_BAD_SCRIPT, "it.lua: cats only");
    host_clear(&host);
}

static void a_script_that_was_cancelled_runs_again(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SfmScript) script = load("step = function(_, x, x0) return x0 end");
    Host host;
    host_init(&host, 1);
    float data[SIZE] = { 8 };
    host.cancel_at = 0;
    g_assert_false(run_script(&host, script, data, &error));
    g_clear_error(&error);
    host.cancel_at = -1;
    g_assert_true(run_script(&host, script, data, &error));
    g_assert_no_error(error);
    g_assert_cmpfloat(data[0], ==, 1); // halved three times
    host_clear(&host);
}

static void a_number_that_is_none_names_its_step(void)
{
    fails_with("x = ctx:step(1, x) x = ctx:step(2, x / (x - x)) ctx:step(3, x)",
               SFM_ERROR_BAD_NUMBER, "'it': the image is not finite after step 2 of 3");
    fails_with("return (-x:abs() - 1):sqrt()", SFM_ERROR_BAD_NUMBER,
               "not finite after step 0 of 3");
}

static void tensors_end_with_their_run(void)
{
    g_autoptr(GError) error = NULL;
    Host host;
    host_init(&host, 1);
    g_autofree char *path =
        scratch_text("kept.lua", "local kept return diffusion.sampler { api = 1, name = 'kept',\n"
                                 "params = { { 'what', type = 'text', default = 'x' } },\n"
                                 "sample = function(ctx, x, s, p) if not kept then kept = x * 2\n"
                                 "return x end if p.what == 'x' then return kept end\n"
                                 "if p.what == 'sum' then return x + kept end\n"
                                 "return x:set(kept) end }");
    g_autoptr(SfmScript) script = sfm_script_load(path, &error);
    g_assert_no_error(error);
    float data[SIZE] = { 0 };
    g_assert_true(run_script(&host, script, data, &error));
    static const char *const cases[][2] = {
        { "x", "sample must return a tensor of this run, not one from an earlier run" },
        { "sum", "this tensor is from an earlier run" },
        { "set", "this tensor is from an earlier run" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        sfm_script_set(script, "what", cases[i][0], NULL);
        g_assert_false(run_script(&host, script, data, &error));
        assert_refused(&error, SFM_ERROR_BAD_SCRIPT, cases[i][1]);
    }
    host_clear(&host);
}

// When it is asked what it claims, no sampler runs.
static void ctx_ends_with_its_run(void)
{
    g_autoptr(GError) error = NULL;
    Host host;
    host_init(&host, 1);
    g_autofree char *path = scratch_text(
        "kept.lua", "local ctx, x = {}, 0\n"
                    "return diffusion.sampler { api = 1, name = 'kept',\n"
                    "params = { { 'what', type = 'text', default = '' } },\n"
                    "evals = function(p) if p.what == 'ctx' then ctx:denoise(x, 1) end\n"
                    "if p.what == 'x' then return x + 1 end return 1 end,\n"
                    "sample = function(c, y) ctx, x = c, y return y end }");
    g_autoptr(SfmScript) script = sfm_script_load(path, &error);
    g_assert_no_error(error);
    float data[SIZE] = { 0 };
    g_assert_true(run_script(&host, script, data, &error));
    SfmScriptClaims claims;
    sfm_script_set(script, "what", "ctx", NULL);
    g_assert_false(sfm_script_claims(script, &claims, &error));
    assert_refused(&error, SFM_ERROR_BAD_SCRIPT, "kept.lua:4: ctx is from an earlier run");
    sfm_script_set(script, "what", "x", NULL);
    g_assert_false(sfm_script_claims(script, &claims, &error));
    assert_refused(&error, SFM_ERROR_BAD_SCRIPT,
                   "kept.lua:5: bad argument #1 to 'add' (this tensor is from");
    host_clear(&host);
}

static const char *const mistakes[][2] = {
    { "return", "it.lua:1: sample must return a tensor, not a nil" },
    { "return 5", "must return a tensor, not a number" },
    { "return ctx", "must return a tensor, not a table" },
    { "return x[1]", "it.lua:1: a tensor has no '1'" },
    { "return x:qauntile(1)", "a tensor has no 'qauntile', did you mean 'quantile'?" },
    { "x[1] = 5", "a tensor's elements are out of a script's reach" },
    { "return x ^ 2", "it.lua:1: tensors have no ^: x * x is the square, x:sqrt() the root" },
    { "return 2 ^ x", "tensors have no ^" },
    { "return x % 2", "attempt to perform arithmetic on a tensor value" },
    { "return math.sqrt(x)", "(number expected, got tensor), did you mean x:sqrt()?" },
    { "return math.max(x, 0)", "tensors have no order: x:less(y), x:min(y) and x:max(y)" },
    { "return math.sin(x)", "bad argument #1 to 'sin' (number expected, got tensor)" },
    { "return x + nil", "tensor or number expected, got nil" },
    { "return x + '1'", "tensor or number expected, got string" },
    { "return x < 1",
      "it.lua:1: tensors have no order: x:less(y), x:min(y) and x:max(y) go element by element" },
    { "return 1 >= x", "tensors have no order" },
    { "return #x", "attempt to get length of a tensor value" },
    { "return x:max()", "to 'max' (tensor or number expected, got nil)" },
    { "return x:quantile(1.5)", "a share from 0 to 1 expected" },
    { "return x:slerp(1, 0.5)", "tensor expected, got number" },
    { "return ctx.denoise(x, 1)", "call it as ctx:name(...), with a colon" },
    { "return ctx:denoize(x, 1)", "ctx has no 'denoize', did you mean 'denoise'?" },
    { "return ctx:denoise(x, 0)", "a finite level above 0 expected" },
    { "return ctx:denoise(1, 1)", "tensor expected, got number" },
    { "return ctx:denoise(x, 1, { guidence = 1 })", "denoise: unknown key 'guidence'" },
    { "return ctx:denoise(x, 1, { guidance = 0/0 })", "denoise: 'guidance' must be finite" },
    { "return ctx:timestep(-1)", "a finite level, 0 or above, expected" },
    { "return ctx:timestep(1/0)", "a finite level, 0 or above, expected" },
    { "return ctx:timestep()", "number expected, got no value" },
    { "return ctx:step(0, x)", "step 0 of 3" },
    { "return ctx:step(4, x)", "step 4 of 3" },
    { "ctx:step(2, x) ctx:step(1, x)", "step 1 of 3 after step 2" },
    { "return ctx:step(1, 5)", "tensor expected, got number" },
    { "return ctx:predict(x, 4)", "timestep 4 is not an integer from 0 to 3" },
    { "return ctx:noise(-1)", "a stream from 0 to 65535 expected" },
    { "for _ = 1, 65536 do if _ % 400 == 0 then ctx:denoise(x, 1) end ctx:noise() end",
      "more than 65535 draws of noise in a step" },
    { "ctx:note('k', {})", "a text, a number or a boolean expected" },
    { "for i = 1, 1e4 do ctx:note('k', 'long enough') end", "the notes are longer than" },
    { "return p.eta", "there is no knob 'eta'" },
    { "return setmetatable(p, {})", "this metatable is protected" },
    { "return setmetatable(ctx, {})", "this metatable is protected" },
    { "return (1):rms()", "a number has no 'rms'" },
    { "error(tostring(x), 0)", "it.lua: tensor; called from" },
    { "error(('%s %s'):format(x, {}), 0)", "it.lua: tensor table; called from" },
    { "return x[{}]", "a tensor has no 'table'" },
    { "error({})", "it.lua: the error is a table, not a text" },
};

static void a_mistake_is_refused(gconstpointer data)
{
    const char *const *mistake = data;
    fails(mistake[0], mistake[1]);
}

static void a_loop_ends_whatever_it_calls(void)
{
    static const char *const loops[] = {
        "ctx:log('')",    "local _ = x + 1",       "x = x + 1",
        "x:mean()",       "ctx:noise()",           "x:set(x)",
        "x:slerp(-x, 1)", "pcall(ctx.noise, ctx)", "ctx:learned_variance(2, 1)",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(loops); i++) {
        g_autofree char *body = g_strdup_printf("while true do %s end", loops[i]);
        fails(body, "the script takes");
    }
}

static void each_call_of_the_model_renews_the_grant(void)
{
    float data[SIZE];
    sampled("for _ = 1, 4 do for i = 1, 5e5 do local _ = i end ctx:denoise(x, 1) end return x",
            data);
    assert_near(data, start, SIZE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    scratch_open();
    for (size_t i = 0; i < G_N_ELEMENTS(mistakes); i++) {
        g_autofree char *path = g_strdup_printf("/script/sampling/a_mistake_is_refused/%zu", i);
        g_test_add_data_func(path, mistakes[i], a_mistake_is_refused);
    }
#define ADD(test) g_test_add_func("/script/sampling/" #test, test)
    ADD(an_adaptive_sampler_takes_one_image_at_a_time);
    ADD(both_forms_give_the_same);
    ADD(the_host_may_change_x_at_the_end_of_a_step);
    ADD(what_a_script_asks_reaches_the_host);
    ADD(a_script_may_weigh_guidance_by_level);
    ADD(a_weight_that_is_none_is_refused_with_the_functions_line);
    ADD(the_log_ends_at_64_KiB);
    ADD(the_log_holds_nothing_that_a_terminal_would_obey);
    ADD(cancel_and_a_hosts_failure_pass_every_pcall);
    ADD(what_cannot_be_had_is_held_against_the_line_that_asked);
    ADD(a_script_that_was_cancelled_runs_again);
    ADD(a_number_that_is_none_names_its_step);
    ADD(tensors_end_with_their_run);
    ADD(ctx_ends_with_its_run);
    ADD(a_loop_ends_whatever_it_calls);
    ADD(each_call_of_the_model_renews_the_grant);
    const int result = g_test_run();
    scratch_close();
    return result;
}
