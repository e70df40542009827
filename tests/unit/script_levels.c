// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a schedule may answer, and which levels a run then has.

#include <math.h>

#include "script/script.h"
#include "script/spacing.h"

#include "scratch.h"

#define T 4

// beta = 1/2 throughout: abar_t = 2^-(t + 1), sigma_t = sqrt(2^(t + 1) - 1).
static const double alphas_cumprod[T] = { 0.5, 0.25, 0.125, 0.0625 };

static const SfmScriptModel model = {
    .prediction = "epsilon",
    .sigma_min = 1,
    .sigma_max = 3.872983346207417, // sqrt(15)
    .num_train_timesteps = T,
    .alphas_cumprod = alphas_cumprod,
    .shape = { { 1, 3, 16, 8 } },
    .num_classes = 7,
};

static SfmScript *load(const char *function)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text =
        g_strdup_printf("return diffusion.schedule { api = 1, name = 'it', %s }", function);
    g_autofree char *path = scratch_text("it.lua", text);
    SfmScript *script = sfm_script_load(path, &error);
    g_assert_no_error(error);
    return script;
}

static bool ask(const char *function, int num_steps, SfmLevels *levels, GError **error)
{
    g_autoptr(SfmScript) schedule = load(function);
    return sfm_script_levels(schedule, &model, num_steps, levels, error);
}

static void refuses(const char *function, const char *why)
{
    g_autoptr(GError) error = NULL;
    SfmLevels levels = { 0 };
    g_assert_false(ask(function, 2, &levels, &error));
    assert_refused(&error, SFM_ERROR_BAD_SCRIPT, why);
    g_assert_null(levels.sigma);
}

static void assert_levels(const SfmLevels *levels, size_t num, const double sigma[],
                          const double timestep[])
{
    g_assert_cmpuint(levels->num, ==, num);
    for (size_t i = 0; i < num; i++) {
        g_assert_cmpfloat_with_epsilon(levels->sigma[i], sigma[i], 1e-12);
        if (isnan(timestep[i]))
            g_assert_true(isnan(levels->timestep[i]));
        else
            g_assert_cmpfloat(levels->timestep[i], ==, timestep[i]);
    }
}

static void gives(const char *function, int num_steps, size_t num, const double sigma[],
                  const double timestep[])
{
    g_autoptr(GError) error = NULL;
    g_auto(SfmLevels) levels = { 0 };
    ask(function, num_steps, &levels, &error);
    g_assert_no_error(error);
    assert_levels(&levels, num, sigma, timestep);
}

static const double sigma3 = 3.872983346207417, sigma2 = 2.6457513110645907, // sqrt(7)
    sigma1 = 1.7320508075688772;                                             // sqrt(3)

static void sigmas_are_taken_as_they_are(void)
{
    gives("sigmas = function(m, n) return { m.sigma_max, n, m.sigma_min, 0 } end", 2, 4,
          (double[]){ sigma3, 2, 1, 0 }, (double[]){ NAN, NAN, NAN, NAN });
    gives("sigmas = function() return { 3, 1 } end", 1, 2, (double[]){ 3, 1 },
          (double[]){ NAN, NAN });
}

static void timesteps_are_the_models_own_levels_and_end_at_0(void)
{
    gives("sigmas = function() return { timesteps = { 3, 1.0, 0 } } end", 3, 4,
          (double[]){ sigma3, sigma1, 1, 0 }, (double[]){ 3, 1, 0, NAN });
}

static void a_level_may_come_with_the_timestep_that_the_network_is_told(void)
{
    gives("sigmas = function() return { sigmas = { 3, 2.5, 2, 1 }, timesteps = { 2.5, 2, 2, 0 } }\n"
          "end",
          3, 4, (double[]){ 3, 2.5, 2, 1 }, (double[]){ 2.5, 2, 2, 0 });
    gives("sigmas = function() return { sigmas = { 3, 0 }, timesteps = { 3 } } end", 1, 2,
          (double[]){ 3, 0 }, (double[]){ 3, NAN });
    gives("sigmas = function() return { sigmas = { 3, 0 }, timesteps = { 3, 0 } } end", 1, 2,
          (double[]){ 3, 0 }, (double[]){ 3, 0 });
    gives("sigmas = function() return { sigmas = { 3, 0 } } end", 1, 2, (double[]){ 3, 0 },
          (double[]){ NAN, NAN });
}

static void a_model_without_timesteps_is_told_none(void)
{
    g_autoptr(GError) error = NULL;
    SfmScriptModel score = model;
    score.prediction = "score";
    score.num_train_timesteps = 0;
    score.alphas_cumprod = NULL;
    static const char *const answers[] = { "{ timesteps = { 3 } }",
                                           "{ sigmas = { 3, 0 }, timesteps = { 3 } }" };
    for (size_t i = 0; i < G_N_ELEMENTS(answers); i++) {
        g_autofree char *text = g_strdup_printf("sigmas = function() return %s end", answers[i]);
        g_autoptr(SfmScript) schedule = load(text);
        SfmLevels levels = { 0 };
        g_assert_false(sfm_script_levels(schedule, &score, 1, &levels, &error));
        assert_refused(&error, SFM_ERROR_BAD_SCRIPT, "the model has no timesteps: it is told");
    }
}

static void betas_that_are_the_models_visit_its_timesteps(void)
{
    // leading: 0, 2; the stride is floor(4 / 2)
    gives("betas = function(n) local b = {} for i = 1, n do b[i] = 0.5 end return b end", 2, 3,
          (double[]){ sigma2, 1, 0 }, (double[]){ 2, 0, NAN });
}

// As fp32 stores 1 - 0.9999: off by 2e-8, which is 2e-4 of it. sigma_0 of the
// schedule, from 1e-4, is nearer to the model's than rounding can tell.
static void betas_may_differ_from_the_models_by_rounding(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SfmScript) schedule = load("betas = function() return { 1e-4, 0.5 } end");
    const double rounded[2] = { 0.9999f, 0.9999f * 0.5f };
    SfmScriptModel other = model;
    other.num_train_timesteps = 2;
    other.alphas_cumprod = rounded;
    other.sigma_max = 2;
    g_auto(SfmLevels) levels = { 0 };
    sfm_script_levels(schedule, &other, 2, &levels, &error);
    g_assert_no_error(error);
    assert_levels(
        &levels, 3,
        (double[]){ sqrt((1 - rounded[1]) / rounded[1]), sqrt((1 - rounded[0]) / rounded[0]), 0 },
        (double[]){ 1, 0, NAN });
}

static void betas_of_other_levels_have_no_timestep(void)
{
    // abar = 0.8, 0.64: sigma = 1/2, 3/4
    gives("betas = function() return { 0.2, 0.2 } end", 2, 3, (double[]){ 0.75, 0.5, 0 },
          (double[]){ NAN, NAN, NAN });
}

// abar = 1/2, 1/10, 1/100: sigma = 1, 3, 9.9; the model has seen 3.87
static void levels_above_the_models_are_dropped_and_the_first_becomes_its_highest(void)
{
    gives("betas = function() return { 0.5, 0.8, 0.9 } end", 3, 3, (double[]){ sigma3, 1, 0 },
          (double[]){ NAN, 0, NAN });
    gives("betas = function() return { 0.99 } end", 1, 2, (double[]){ sigma3, 0 },
          (double[]){ NAN, NAN });
}

static void no_image_left_is_a_level_too(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SfmScript) schedule = load("betas = function() return { 0.5, 1 } end");
    SfmScriptModel all = model;
    all.sigma_max = 2e6;
    g_auto(SfmLevels) levels = { 0 };
    sfm_script_levels(schedule, &all, 2, &levels, &error);
    g_assert_no_error(error);
    g_assert_cmpfloat_with_epsilon(levels.sigma[0], 0x1p20, 1); // abar = 2^-40
}

static void the_knob_spacing_goes_before_the_models(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SfmScript) schedule = load("betas = function() return { 0.5, 0.5, 0.5, 0.5 } end");
    SfmScriptModel spaced = model;
    spaced.spacing = "linspace"; // 3, 0
    for (int i = 0; i < 2; i++) {
        g_auto(SfmLevels) levels = { 0 };
        sfm_script_levels(schedule, &spaced, 2, &levels, &error);
        g_assert_no_error(error);
        g_assert_cmpfloat(levels.timestep[0], ==, 3);
        g_assert_cmpfloat(levels.timestep[1], ==, i == 0 ? 0 : 1);
        sfm_script_set(schedule, "spacing", "trailing", &error); // 3, 1
    }
}

// T = 4, N = 2: leading is 2, 0; there is room for an offset of 1.
static void the_knob_steps_offset_goes_before_the_models(void)
{
    static const char *const offsets[] = { "-1", "0", "1", "7" };
    static const double firsts[] = { 3, 2, 3, 3 };
    g_autoptr(GError) error = NULL;
    g_autoptr(SfmScript) schedule = load("betas = function() return { 0.5, 0.5, 0.5, 0.5 } end");
    SfmScriptModel shifted = model;
    shifted.steps_offset = 1;
    for (size_t i = 0; i < G_N_ELEMENTS(offsets); i++) {
        g_auto(SfmLevels) levels = { 0 };
        sfm_script_set(schedule, "steps_offset", offsets[i], &error);
        sfm_script_levels(schedule, &shifted, 2, &levels, &error);
        g_assert_no_error(error);
        g_assert_cmpfloat(levels.timestep[0], ==, firsts[i]);
        g_assert_cmpfloat(levels.timestep[1], ==, firsts[i] - 2);
    }
}

// sqrt(abar) = 0.9, 0.6, 0.3 less the last is 0.6, 0.3, 0; times 0.9 / 0.6, so that
// the first is as it was: 0.9, 0.45, 0. abar = 0.81, 0.2025, and 2^-40 for 0.
static void the_knob_zero_snr_rescales_to_no_image_left(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SfmScript) schedule = load("betas = function() return { 0.19, 5/9, 0.75 } end");
    const double rescaled[] = { 0.81, 0.2025, 0x1p-40 };
    SfmScriptModel zero = model;
    zero.sigma_max = sqrt(0x1p40 - 1);
    zero.num_train_timesteps = 3;
    zero.alphas_cumprod = rescaled;
    g_auto(SfmLevels) levels = { 0 }, limited = { 0 };
    sfm_script_set(schedule, "zero_snr", "true", &error);
    sfm_script_levels(schedule, &zero, 3, &levels, &error);
    g_assert_no_error(error);
    assert_levels(&levels, 4,
                  (double[]){ sqrt(0x1p40 - 1), sqrt(0.7975 / 0.2025), sqrt(0.19 / 0.81), 0 },
                  (double[]){ 2, 1, 0, NAN });

    // A model that was not trained so has a highest level, where the run starts.
    sfm_script_levels(schedule, &model, 3, &limited, &error);
    g_assert_no_error(error);
    assert_levels(&limited, 3, (double[]){ sigma3, sqrt(0.19 / 0.81), 0 },
                  (double[]){ NAN, NAN, NAN });
}

static void one_beta_cannot_be_rescaled(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SfmScript) schedule = load("betas = function() return { 0.5 } end");
    g_auto(SfmLevels) levels = { 0 };
    sfm_script_set(schedule, "zero_snr", "true", &error);
    sfm_script_levels(schedule, &model, 1, &levels, &error);
    g_assert_no_error(error);
    assert_levels(&levels, 2, (double[]){ 1, 0 }, (double[]){ 0, NAN });
}

// abar = 1/2, 1/16.5, 1/16.52, 1/100: the second and third level, 3.937 and 3.940,
// are a thousandth at most above the model's highest.
static void two_levels_at_the_models_highest_are_one(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SfmScript) schedule =
        load("betas = function() return { 1/2, 1 - 2/16.5, 1 - 16.5/16.52, 1 - 16.52/100 } end");
    SfmScriptModel near = model;
    near.sigma_max = 3.936;
    g_auto(SfmLevels) levels = { 0 };
    sfm_script_levels(schedule, &near, 4, &levels, &error);
    g_assert_no_error(error);
    assert_levels(&levels, 3, (double[]){ 3.936, 1, 0 }, (double[]){ NAN, 0, NAN });
}

static void refuses_what_is_not_a_run_and_says_where(void)
{
    refuses("sigmas = function() end", "it.lua:1: sigmas must return a list of numbers, not a nil");
    refuses("sigmas = function() return {} end", "sigmas must have 2 to 10001 numbers, not 0");
    refuses("sigmas = function() return { 1 } end", "not 1");
    refuses("sigmas = function() local t = {} for i = 1, 10002 do t[i] = -i end return t end",
            "not 10002");
    refuses("sigmas = function() return { 3, 'x' } end", "sigmas[2] is a string, not a number");
    refuses("sigmas = function() return { 3, 0/0 } end", "nan, which is not finite");
    refuses("sigmas = function() return { 1/0, 1 } end", "sigmas[1] is inf, which is not finite");
    refuses("sigmas = function() return { 3, 2, 2 } end",
            "sigmas[3] is 2, which is not below sigmas[2] = 2");
    refuses("sigmas = function() return { 3.9, 1 } end",
            "sigmas[1] is 3.9, above the model's sigma_max 3.87");
    refuses("sigmas = function() return { 3, 0.9 } end",
            "sigmas[2] is 0.9, neither 0 nor at least the model's sigma_min 1");
    refuses("sigmas = function() return { 3, 0, -1 } end", "sigmas[3] is -1, neither 0");
    refuses("sigmas = function() return { timesteps = { 3, 3 } } end",
            "timesteps[2] is 3, which is not below");
    refuses("sigmas = function() return { timesteps = { 4 } } end",
            "timesteps[1] is 4, not an integer from 0 to 3");
    refuses("sigmas = function() return { timesteps = { 0.5 } } end", "timesteps[1] is 0.5");
    refuses("sigmas = function() return { sigmas = { 3, 1 }, timesteps = { 3 } } end",
            "timesteps must have 2 numbers, not 1");
    refuses("sigmas = function() return { sigmas = { 3, 0 }, timesteps = { 3, 2, 1 } } end",
            "timesteps must have 1 to 2 numbers, not 3");
    refuses("sigmas = function() return { sigmas = { 3, 1 }, timesteps = { 2, 2.5 } } end",
            "timesteps[2] is 2.5, above timesteps[1] = 2");
    refuses("sigmas = function() return { sigmas = { 3, 1 }, timesteps = { 3.5, 0 } } end",
            "timesteps[1] is 3.5, not from 0 to 3");
    refuses("sigmas = function() return { sigmas = { 3, 1 }, timesteps = { 3, 0/0 } } end",
            "which is not finite");
    refuses("sigmas = function() return { sigmas = 3 } end", "sigmas must be a list of numbers");
    refuses("sigmas = function() return { sigmas = { 3, 1 }, timestep = { 3, 0 } } end",
            "unknown key 'timestep', did you mean 'timesteps'?");
    refuses("sigmas = function() return { 3, 1, n = 2 } end",
            "it.lua:1: what sigmas returned: unknown key 'n'");
    refuses("sigmas = function(m, n) local s = {} for i = 0, n do s[i] = n - i end return s end",
            "what sigmas returned: unknown key '0': lists begin at 1");
    refuses("sigmas = math.max", "it.lua: attempt to compare");
    refuses("sigmas = function() return { 3, 1, timesteps = { 3, 0 }, sigmas = { 3, 1 } } end",
            "give the levels as a list or as sigmas = { ... }, not both");
    refuses("betas = function() end", "it.lua:1: betas must be a list of numbers, not a nil");
    refuses("betas = function() return {} end", "betas must have 1 to 100000 numbers, not 0");
    refuses("betas = function() return { 0.5, '0.6' } end", "betas[2] is a string, not a number");
    refuses("betas = function() return { 0.5, 0/0 } end", "nan, which is not finite");
    refuses("betas = function() return { 0.5, T = 1 } end",
            "it.lua:1: what betas returned: unknown key 'T'");
    refuses("betas = function() return { 0.5, 0 } end", "betas[2] is 0, not above 0");
    refuses("betas = function() return { 1.5 } end", "betas[1] is 1.5, not above 0 and at most 1");
    refuses("betas = function() return { 1, 1 } end",
            "it.lua:1: the noise does not grow from training step 0 to 1");
    refuses("sigmas = function(m) return m.sigma_mx end",
            "the model has no 'sigma_mx', did you mean 'sigma_max'?");
    refuses("sigmas = function(m, n, p) return p.rho end", "there is no knob 'rho'");
    refuses("sigmas = function() local s = ('x'):rep(1e6) local t = {} for i = 1, 70 do\n"
            "t[i] = s .. i end end",
            "the script takes more than 64 MiB of memory");
    refuses("sigmas = function() while true do end end", "is there an endless loop?");
}

static void refuses_more_steps_than_there_are(void)
{
    g_autoptr(GError) error = NULL;
    SfmLevels levels = { 0 };
    const char *betas = "betas = function() return { 0.5, 0.5 } end";
    g_assert_false(ask(betas, 3, &levels, &error));
    assert_refused(&error, SFM_ERROR_BAD_ARGUMENT, "3 steps are more than the 2 of schedule 'it'");
    g_assert_false(ask(betas, 0, &levels, &error));
    assert_refused(&error, SFM_ERROR_BAD_ARGUMENT, "steps must be from 1 to 10000, not 0");
    g_assert_false(ask(betas, 10001, &levels, &error));
    assert_refused(&error, SFM_ERROR_BAD_ARGUMENT, "not 10001");
}

static void a_schedule_knows_the_model(void)
{
    gives("sigmas = function(m) assert(m.prediction == 'epsilon' and m.timesteps == 4)\n"
          "assert(#m.alphas_cumprod == 4 and m.alphas_cumprod[1] == 0.5)\n"
          "assert(m.channels == 3 and m.height == 16 and m.width == 8 and m.classes == 7)\n"
          "return { 2, 0 } end",
          1, 2, (double[]){ 2, 0 }, (double[]){ NAN, NAN });
}

// ---- spacing: the rules of published schedulers, by hand ----

static void assert_spacing(const char *name, size_t num_train, int offset, size_t num_steps,
                           const size_t want[])
{
    g_autofree size_t *got = g_new(size_t, num_steps);
    sfm_spacing(name, num_train, offset, num_steps, got);
    for (size_t i = 0; i < num_steps; i++)
        g_assert_cmpuint(got[i], ==, want[i]);
}

static void leading_takes_every_nth_from_the_first(void)
{
    assert_spacing("leading", 1000, 0, 4, (size_t[]){ 750, 500, 250, 0 });
    assert_spacing("leading", 1000, 1, 3, (size_t[]){ 667, 334, 1 }); // stride 333
    assert_spacing("leading", 4, 1, 4, (size_t[]){ 3, 2, 1, 0 });     // no room for an offset
}

static void linspace_has_both_ends_and_rounds_halves_to_even(void)
{
    assert_spacing("linspace", 1000, 0, 3, (size_t[]){ 999, 500, 0 }); // 499.5
    assert_spacing("linspace", 10, 0, 3, (size_t[]){ 9, 4, 0 });       // 4.5
    assert_spacing("linspace", 1000, 0, 1, (size_t[]){ 0 });
}

static void trailing_starts_at_the_last(void)
{
    assert_spacing("trailing", 1000, 0, 4, (size_t[]){ 999, 749, 499, 249 });
    assert_spacing("trailing", 10, 0, 3, (size_t[]){ 9, 6, 2 }); // 10, 6.67, 3.33
}

static void never_repeats_or_leaves_the_range(void)
{
    static const char *const names[] = { "leading", "linspace", "trailing" };
    for (size_t n = 1; n <= 1000; n++) {
        for (size_t k = 0; k < 3; k++) {
            size_t t[1000];
            sfm_spacing(names[k], 1000, 1, n, t);
            g_assert_cmpuint(t[0], <, 1000);
            for (size_t i = 1; i < n; i++)
                g_assert_cmpuint(t[i], <, t[i - 1]);
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    scratch_open();
#define ADD(test) g_test_add_func("/script/levels/" #test, test)
    ADD(sigmas_are_taken_as_they_are);
    ADD(timesteps_are_the_models_own_levels_and_end_at_0);
    ADD(a_level_may_come_with_the_timestep_that_the_network_is_told);
    ADD(a_model_without_timesteps_is_told_none);
    ADD(betas_that_are_the_models_visit_its_timesteps);
    ADD(betas_may_differ_from_the_models_by_rounding);
    ADD(betas_of_other_levels_have_no_timestep);
    ADD(levels_above_the_models_are_dropped_and_the_first_becomes_its_highest);
    ADD(no_image_left_is_a_level_too);
    ADD(the_knob_spacing_goes_before_the_models);
    ADD(the_knob_steps_offset_goes_before_the_models);
    ADD(the_knob_zero_snr_rescales_to_no_image_left);
    ADD(one_beta_cannot_be_rescaled);
    ADD(two_levels_at_the_models_highest_are_one);
    ADD(refuses_what_is_not_a_run_and_says_where);
    ADD(refuses_more_steps_than_there_are);
    ADD(a_schedule_knows_the_model);
    ADD(leading_takes_every_nth_from_the_first);
    ADD(linspace_has_both_ends_and_rounds_halves_to_even);
    ADD(trailing_starts_at_the_last);
    ADD(never_repeats_or_leaves_the_range);
    const int result = g_test_run();
    scratch_close();
    return result;
}
