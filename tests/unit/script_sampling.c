// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a sampler may do with tensors and with ctx, on the reference runner.

#include <math.h>

#include "cpu/runner.h"
#include "script/script.h"

#include "scratch.h"

#define MAX_IMAGES 2
#define SIZE       6 // elements of an image

// x at level sigma is half clean: x0 = x / 2, eps = x / (2 sigma).
typedef struct {
    SfmRunner *runner;
    SfmRunnerClass class; // counts, and calls the runner's own
    const SfmRunnerClass *own;
    int num_evals, num_calls, num_buffers;

    GString *said; // what the host was asked, in short
    size_t num_logged;
    int cancel_at;           // step; -1: never
    int num_buffers_of_step; // made until the end of step 0
    double raise;            // what the host adds to x at the end of each step
    SfmLevels levels;
    SfmScriptModel model;
} Host;

static Host *counting; // the runner's functions know no host

static bool count_eval(SfmRunner *runner, const SfmExpr *expr, const float scalars[],
                       SfmBuffer *const in[], SfmBuffer *out, GError **error)
{
    counting->num_evals++;
    return counting->own->eval(runner, expr, scalars, in, out, error);
}

static bool count_call(SfmRunner *runner, const SfmCall *call, SfmBuffer *const out[],
                       SfmBuffer *const in[], GError **error)
{
    counting->num_calls++;
    return counting->own->call(runner, call, out, in, error);
}

static SfmBuffer *count_buffer(SfmRunner *runner, SfmShape shape, GError **error)
{
    counting->num_buffers++;
    return counting->own->buffer_new(runner, shape, error);
}

static void host_init(Host *host, uint32_t num_images)
{
    static double sigma[] = { 4, 2, 1, 0 }, timestep[] = { 3, 2, 1, 0 };
    static const double alphas_cumprod[] = { 0.9, 0.5, 0.2, 0.1 };
    *host = (Host){ .runner = sfm_cpu_runner_new(), .said = g_string_new(""), .cancel_at = -1 };
    host->own = host->runner->class;
    host->class = *host->own;
    host->class.eval = count_eval;
    host->class.call = count_call;
    host->class.buffer_new = count_buffer;
    host->runner->class = &host->class;
    host->levels = (SfmLevels){ .num = 4, .sigma = sigma, .timestep = timestep };
    host->model = (SfmScriptModel){
        .prediction = "epsilon",
        .sigma_min = 0.3,
        .sigma_max = 4,
        .num_train_timesteps = 4,
        .alphas_cumprod = alphas_cumprod,
        .shape = SFM_SHAPE(num_images, 1, 2, 3),
    };
    counting = host;
}

static void host_clear(Host *host)
{
    host->runner->class = host->own;
    sfm_runner_free(host->runner);
    g_string_free(host->said, TRUE);
}

static size_t num_elements(const Host *host)
{
    return sfm_shape_count(host->model.shape);
}

// out = in * scale
static bool scale(Host *host, SfmBuffer *in, double by, SfmBuffer *out, GError **error)
{
    float data[MAX_IMAGES * SIZE];
    if (!host->own->read(host->runner, in, data, error))
        return false;
    for (size_t i = 0; i < num_elements(host); i++)
        data[i] = (float)(data[i] * by);
    return host->own->write(host->runner, out, data, error);
}

static bool fill(Host *host, double value, SfmBuffer *out, GError **error)
{
    float data[MAX_IMAGES * SIZE];
    for (size_t i = 0; i < num_elements(host); i++)
        data[i] = (float)value;
    return host->own->write(host->runner, out, data, error);
}

static bool denoise(void *user_data, SfmBuffer *x, double sigma, const SfmDenoiseOptions *options,
                    SfmBuffer *x0, SfmBuffer *eps, GError **error)
{
    Host *host = user_data;
    g_string_append_printf(host->said, "denoise %g", sigma);
    if (!isnan(options->guidance))
        g_string_append_printf(host->said, " guidance %g", options->guidance);
    if (options->class_name)
        g_string_append_printf(host->said, " class %s", options->class_name);
    g_string_append_c(host->said, ';');
    if (sigma == 99)
        return sfm_fail(error, SFM_ERROR_DEVICE_LOST, "gone");
    return scale(host, x, 0.5, x0, error) && scale(host, x, 0.5 / sigma, eps, error);
}

static bool predict(void *user_data, SfmBuffer *x_vp, double timestep, SfmBuffer *out,
                    GError **error)
{
    return scale(user_data, x_vp, 10 + timestep, out, error);
}

static bool learned_variance(void *user_data, double a, double b, SfmBuffer *out, GError **error)
{
    return fill(user_data, a * 10 + b, out, error);
}

static bool noise(void *user_data, uint32_t step, uint32_t stream, SfmBuffer *out, GError **error)
{
    Host *host = user_data;
    g_string_append_printf(host->said, "noise %u.%u;", step, stream);
    return fill(host, step * 10 + stream, out, error);
}

static bool step(void *user_data, uint32_t i, SfmBuffer *x, SfmBuffer *x0, GError **error)
{
    Host *host = user_data;
    g_string_append_printf(host->said, "step %u%s;", i, x0 ? " x0" : "");
    if (i == 0)
        host->num_buffers_of_step = host->num_buffers;
    if ((int)i == host->cancel_at)
        return sfm_fail(error, SFM_ERROR_CANCELLED, "cancelled");
    float data[MAX_IMAGES * SIZE];
    host->own->read(host->runner, x, data, error);
    for (size_t k = 0; k < num_elements(host); k++)
        data[k] += (float)host->raise;
    return host->own->write(host->runner, x, data, error);
}

static void note(void *user_data, const char *key, const char *value)
{
    g_string_append_printf(((Host *)user_data)->said, "%s=%s;", key, value);
}

static void write_log(void *user_data, const char *text)
{
    ((Host *)user_data)->num_logged += strlen(text);
}

static SfmScript *load(const char *fields)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text =
        g_strdup_printf("return diffusion.sampler { api = 1, name = 'it', %s }", fields);
    g_autofree char *path = scratch_text("it.lua", text);
    SfmScript *script = sfm_script_load(path, &error);
    g_assert_no_error(error);
    return script;
}

static bool run_script(Host *host, SfmScript *script, float data[], GError **error)
{
    const SfmSampling sampling = {
        .runner = host->runner,
        .model = host->model,
        .user_data = host,
        .denoise = denoise,
        .predict = predict,
        .learned_variance = learned_variance,
        .noise = noise,
        .step = step,
        .note = note,
        .log = write_log,
    };
    SfmBuffer *x = host->own->buffer_new(host->runner, host->model.shape, error);
    bool ok = host->own->write(host->runner, x, data, error) &&
              sfm_script_sample(script, &sampling, &host->levels, x, error);
    ok = ok && host->own->read(host->runner, x, data, error);
    sfm_buffer_free(host->runner, x);
    return ok;
}

static bool run(Host *host, const char *fields, float data[], GError **error)
{
    g_autoptr(SfmScript) script = load(fields);
    return run_script(host, script, data, error);
}

static const float start[SIZE] = { -2, -0.5f, 0, 0.25f, 1, 3 };

// What sample() makes of `start`, one image.
static void sampled(const char *body, float data[])
{
    g_autoptr(GError) error = NULL;
    Host host;
    host_init(&host, 1);
    memcpy(data, start, sizeof start);
    g_autofree char *fields = g_strdup_printf("sample = function(ctx, x, sigmas, p) %s end", body);
    run(&host, fields, data, &error);
    g_assert_no_error(error);
    host_clear(&host);
}

static void assert_near(const float got[], const float want[], size_t num)
{
    for (size_t i = 0; i < num; i++)
        g_assert_cmpfloat_with_epsilon(got[i], want[i], 1e-5);
}

static void fails_with(const char *body, int code, const char *why)
{
    g_autoptr(GError) error = NULL;
    Host host;
    host_init(&host, 1);
    float data[SIZE];
    memcpy(data, start, sizeof start);
    g_autofree char *fields = g_strdup_printf("sample = function(ctx, x, sigmas, p) %s end", body);
    g_assert_false(run(&host, fields, data, &error));
    g_test_message("%s", error->message);
    assert_refused(&error, code, why);
    host_clear(&host);
}

static void fails(const char *body, const char *why)
{
    fails_with(body, SFM_ERROR_BAD_SCRIPT, why);
}

// ---- tensors ----

static float plus_one(float v)
{
    return v + 1;
}

static float one_minus(float v)
{
    return 1 - v;
}

static float thrice(float v)
{
    return v * 3;
}

static float over_four(float v)
{
    return v / 4;
}

static float two_over(float v)
{
    return 2 / (v + 5);
}

static float negative(float v)
{
    return -v;
}

static float half_to_one(float v)
{
    return fminf(fmaxf(v, -0.5f), 1);
}

static float root_of_size(float v)
{
    return sqrtf(fabsf(v));
}

static float cube(float v)
{
    return v * v * v;
}

static float step_at_zero(float v)
{
    return v < 0 ? 7 : v;
}

static float to_the_square(float v)
{
    return v + 0.25f * (v * v - v);
}

static float halved(float v)
{
    return v / 2;
}

static const struct {
    const char *body;
    float (*want)(float);
} meanings[] = {
    { "return x + 1", plus_one },
    { "return 1 - x", one_minus },
    { "return x * 3", thrice },
    { "return 3 * x", thrice },
    { "return x / 4", over_four },
    { "return 2 / (x + 5)", two_over },
    { "return -x", negative },
    { "return x:clamp(-0.5, 1)", half_to_one },
    { "return x:max(-0.5):min(1)", half_to_one },
    { "return (1):min((-0.5):max(x))", half_to_one },
    { "return x:abs():sqrt()", root_of_size },
    { "return x * x * x", cube },
    { "return x:exp() / x:exp() + x", plus_one },
    { "return x:less(0):where(7, x)", step_at_zero },
    { "return x:lerp(x * x, 0.25)", to_the_square },
    { "return (ctx:denoise(x, 3))", halved },
    { "local _, eps = ctx:denoise(x, 0.5) return eps / 2", halved },
    { "return ctx:predict(x, 2) / 24", halved },
    { "return x / (ctx:learned_variance(0.2, 0))", halved },
    { "x:set(x / 2) return x", halved },
    { "local y = x / 2 x:set(0) return y", halved }, // what y stands for does not change
    { "local y = x x:set(y * 3) return y", thrice }, // but y is x
    { "return x - x:mean() + 1.75 / 6 + 1", plus_one },
    { "return x * x:absmax()", thrice },
    { "return x * x:quantile(1)", thrice },
    { "return x + x:quantile(0.6) - 0.25 + 1", plus_one }, // rank (6 - 1) 0.6 is 0.25
    { "return x * 3 * x:rms() / math.sqrt((4 + 0.25 + 0.0625 + 1 + 9) / 6)", thrice },
    { "x = ctx:step(1, x * 3, x) return x", thrice },
    { "local y = ctx:step(1, x) return y * 3", thrice },
};

static void means_what_it_says(gconstpointer data)
{
    const size_t i = GPOINTER_TO_SIZE(data);
    float got[SIZE], want[SIZE];
    sampled(meanings[i].body, got);
    for (size_t k = 0; k < SIZE; k++)
        want[k] = meanings[i].want(start[k]);
    assert_near(got, want, SIZE);
}

static void operators_become_one_kernel(void)
{
    g_autoptr(GError) error = NULL;
    Host host;
    host_init(&host, 1);
    float data[SIZE] = { 1, 2, 3, 4, 5, 6 };
    run(&host,
        "sample = function(ctx, x) local y = ((x + 1) * (x - 1) + 1):sqrt():max(0.5) / 2\n"
        "return (y + y + 0 * y):clamp(-9, 9) end",
        data, &error);
    g_assert_no_error(error);
    assert_near(data, (float[]){ 1, 2, 3, 4, 5, 6 }, SIZE);
    g_assert_cmpint(host.num_evals, ==, 1);
    // what is shared is computed once: 31 nodes, of which a tree would have 2^31
    run(&host, "sample = function(ctx, x) for i = 1, 30 do x = x + x end return x end", data,
        &error);
    g_assert_no_error(error);
    g_assert_cmpfloat(data[0], ==, 0x1p30);
    g_assert_cmpint(host.num_evals, ==, 2);
    host_clear(&host);
}

static void what_does_not_fit_one_kernel_runs_in_pieces(void)
{
    float data[SIZE];
    // 1 + 2 + ... + 200 = 20100, with 200 scalars of 24 and 400 nodes of 64
    sampled("local y = 0 * x for i = 1, 200 do y = y + i * x end return y / 20100", data);
    assert_near(data, start, SIZE);
    // a tree of 2^30 leaves, in which all that is alike is shared
    sampled("local y = x for i = 1, 30 do y = y + y end return y / 2 ^ 30", data);
    assert_near(data, start, SIZE);
    // twelve tensors of eight
    sampled("local t = {} for i = 1, 12 do t[i] = ctx:step(1, i * x) end\n"
            "local y = t[1] for i = 2, 12 do y = y + t[i] end return y / 78",
            data);
    assert_near(data, start, SIZE);
}

static void nothing_is_allocated_after_the_first_step(void)
{
    g_autoptr(GError) error = NULL;
    Host host;
    host_init(&host, 1);
    float data[SIZE] = { 1, 1, 1, 1, 1, 1 };
    run(&host,
        "step = function(ctx, x, x0, eps, a, b) local k = x:abs():mean()\n"
        "return x0 + b * eps / k + 0 * ctx:noise() end",
        data, &error);
    g_assert_no_error(error);
    g_assert_cmpint(host.num_buffers_of_step, >, 0);
    g_assert_cmpint(host.num_buffers, ==, host.num_buffers_of_step);
    host_clear(&host);
}

static void a_script_may_keep_64_tensors(void)
{
    float data[SIZE];
    sampled("local t = {} for i = 1, 62 do t[i] = x * i end return t[62] / 62", data);
    assert_near(data, start, SIZE);
    sampled("local y for i = 1, 1000 do y = x * i end return y / 1000",
            data); // the rest is garbage
    assert_near(data, start, SIZE);
    fails("local t = {} for i = 1, 64 do t[i] = x * i end", "more than 64 live tensors");
    fails("local t = {} for i = 1, 64 do t[i] = ctx:noise() end", "more than 64 live tensors");
}

// ---- batches ----

static void a_reduction_is_one_value_an_image(void)
{
    g_autoptr(GError) error = NULL;
    Host host;
    host_init(&host, 2);
    float data[2 * SIZE] = { 1, 2, 3, 4, 5, -6, 10, 20, 30, 40, 50, -60 };
    run(&host,
        "sample = function(ctx, x) local s = x:absmax():max(8) + 2 * x:quantile(0)\n"
        "return x / s end",
        data, &error);
    g_assert_no_error(error);
    // image 1: max(6, 8) - 12 = -4; image 2: 60 - 120 = -60
    assert_near(data,
                (float[]){ -1 / 4.0f, -2 / 4.0f, -3 / 4.0f, -1, -5 / 4.0f, 6 / 4.0f, -1 / 6.0f,
                           -2 / 6.0f, -3 / 6.0f, -4 / 6.0f, -5 / 6.0f, 1 },
                2 * SIZE);
    host_clear(&host);
}

static void slerp_follows_the_circle_of_each_image(void)
{
    g_autoptr(GError) error = NULL;
    Host host;
    host_init(&host, 2);
    // image 1: a right angle, of which a third is 30 degrees. Image 2: parallel.
    float data[2 * SIZE] = { 2, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1 };
    run(&host,
        "sample = function(ctx, x) local y = x:less(2):where(2, 0) - x:less(1):where(0, 0)\n"
        "local one = x:quantile(0)\n" // 0 and 1
        "local z = (1 - one) * (y - x:less(0.5):where(0, 2)):max(0) + one * x\n"
        "z = z * one + (1 - one) * x:less(1):where(x + 1, 0)\n"
        "return x:slerp(z, 1 / 3) end",
        data, &error);
    g_assert_no_error(error);
    const float of_x = sqrtf(0.75f), of_z = 0.5f; // cos and sin of 30 degrees
    // z of image 1 is 0 where x is 2, and 1 elsewhere: at right angles to x
    assert_near(data, (float[]){ 2 * of_x, of_z, of_z, of_z, of_z, of_z, 1, 1, 1, 1, 1, 1 },
                2 * SIZE);
    host_clear(&host);
}

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

// ---- the run ----

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
        "ctx:noise(40) ctx:noise() ctx:note('key', 1.5) ctx:log('hello') return x end",
        data, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(host.said->str, ==,
                    "denoise 1 guidance 2.5 class cat;denoise 1 class 7;noise 0.40;noise 0.1;"
                    "key=1.5;");
    g_assert_cmpuint(host.num_logged, ==, 5);
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
    static const char *const whats[] = { "x", "sum", "set" };
    for (int i = 0; i < 3; i++) {
        sfm_script_set(script, "what", whats[i], NULL);
        g_assert_false(run_script(&host, script, data, &error));
        assert_refused(&error, SFM_ERROR_BAD_SCRIPT, "this tensor is from an earlier run");
    }
    host_clear(&host);
}

static const char *const mistakes[][2] = {
    { "return", "it.lua: sample must return a tensor, not a nil" },
    { "return 5", "must return a tensor, not a number" },
    { "return ctx", "must return a tensor, not a table" },
    { "return x[1]", "it.lua:1: a tensor has no '1'" },
    { "return x:qauntile(1)", "a tensor has no 'qauntile', did you mean 'quantile'?" },
    { "x[1] = 5", "a tensor's elements are out of a script's reach" },
    { "return x ^ 2", "attempt to perform arithmetic on a tensor value" },
    { "return x + nil", "tensor or number expected, got nil" },
    { "return x + '1'", "tensor or number expected, got string" },
    { "return x < 1", "attempt to compare" },
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
    { "return ctx:step(0, x)", "step 0 of 3" },
    { "return ctx:step(4, x)", "step 4 of 3" },
    { "ctx:step(2, x) ctx:step(1, x)", "step 1 of 3 after step 2" },
    { "return ctx:step(1, 5)", "tensor expected, got number" },
    { "return ctx:predict(x, 4)", "timestep 4.0 is not an integer from 0 to 3" },
    { "return ctx:noise(-1)", "a stream from 0 to 65535 expected" },
    { "ctx:note('k', {})", "a text, a number or a boolean expected" },
    { "for i = 1, 1e4 do ctx:note('k', 'long enough') end", "the notes are longer than" },
    { "return p.eta", "there is no knob 'eta'" },
    { "return setmetatable(p, {})", "this metatable is protected" },
    { "return setmetatable(ctx, {})", "this metatable is protected" },
    { "return (1):rms()", "a number has no 'rms'" },
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
        "ctx:log('')",
        "local _ = x + 1",
        "x = x + 1",
        "x:mean()",
        "ctx:noise()",
        "x:set(x)",
        "x:slerp(-x, 1)",
        "ctx:note('', '')",
        "pcall(ctx.noise, ctx)",
        "ctx:learned_variance(2, 1)",
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
    for (size_t i = 0; i < G_N_ELEMENTS(meanings); i++) {
        g_autofree char *path = g_strdup_printf("/script/sampling/means_what_it_says/%zu", i);
        g_test_add_data_func(path, GSIZE_TO_POINTER(i), means_what_it_says);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(mistakes); i++) {
        g_autofree char *path = g_strdup_printf("/script/sampling/a_mistake_is_refused/%zu", i);
        g_test_add_data_func(path, mistakes[i], a_mistake_is_refused);
    }
#define ADD(test) g_test_add_func("/script/sampling/" #test, test)
    ADD(operators_become_one_kernel);
    ADD(what_does_not_fit_one_kernel_runs_in_pieces);
    ADD(nothing_is_allocated_after_the_first_step);
    ADD(a_script_may_keep_64_tensors);
    ADD(a_reduction_is_one_value_an_image);
    ADD(slerp_follows_the_circle_of_each_image);
    ADD(an_adaptive_sampler_takes_one_image_at_a_time);
    ADD(both_forms_give_the_same);
    ADD(the_host_may_change_x_at_the_end_of_a_step);
    ADD(what_a_script_asks_reaches_the_host);
    ADD(the_log_ends_at_64_KiB);
    ADD(cancel_and_a_hosts_failure_pass_every_pcall);
    ADD(a_script_that_was_cancelled_runs_again);
    ADD(a_number_that_is_none_names_its_step);
    ADD(tensors_end_with_their_run);
    ADD(a_loop_ends_whatever_it_calls);
    ADD(each_call_of_the_model_renews_the_grant);
    const int result = g_test_run();
    scratch_close();
    return result;
}
