// SPDX-License-Identifier: GPL-3.0-or-later
//
// Claims that are kept, and ones that are not: each kind must be found out, and
// said. The built-in scripts are tested by the program, tests/cli/claims.sh.

#include <math.h>

#include <sfumato/scripts.h>

#include "job/script_report.h"

#include "scratch.h"

static SfmScriptReport *test(const char *fields)
{
    g_autofree char *text =
        g_strdup_printf("return diffusion.sampler { api = 1, name = 'it', %s }", fields);
    g_autofree char *path = scratch_text("it.lua", text);
    return sfm_script_test(path);
}

static const SfmScriptTrial *trial_of(const SfmScriptReport *report, guint i)
{
    g_assert_cmpuint(i, <, report->trials->len);
    return report->trials->pdata[i];
}

static SfmScriptReport *keeps(const char *fields)
{
    SfmScriptReport *report = test(fields);
    if (report->problems->len > 0)
        g_error("%s", (const char *)report->problems->pdata[0]);
    return report;
}

static void breaks(const char *fields, const char *problem)
{
    g_autoptr(SfmScriptReport) report = test(fields);
    bool said = false;
    for (guint i = 0; i < report->problems->len; i++) {
        g_test_message("%s", (const char *)report->problems->pdata[i]);
        said |= strstr(report->problems->pdata[i], problem) != NULL;
    }
    g_assert_true(said);
}

#define EULER "step = function(ctx, x, x0, eps, a, b) return x0 + b / a * (x - x0) end"

// DDPM's step (Ho et al. 2020, equation 7); `much` of the noise that it needs.
#define DDPM(much)                              \
    "step = function(ctx, x, x0, eps, a, b)\n"  \
    "  local y = x0 + (b / a) ^ 2 * (x - x0)\n" \
    "  return y + " much " * b * math.sqrt(1 - (b / a) ^ 2) * ctx:noise() end"

#define HEUN                                                            \
    "sample = function(ctx, x, s)\n"                                    \
    "  for i = 1, #s - 1 do\n"                                          \
    "    local x0 = ctx:denoise(x, s[i])\n"                             \
    "    local d = (x - x0) / s[i]\n"                                   \
    "    local y = x + (s[i + 1] - s[i]) * d\n"                         \
    "    if s[i + 1] > 0 then\n"                                        \
    "      local y0 = ctx:denoise(y, s[i + 1])\n"                       \
    "      y = x + (s[i + 1] - s[i]) / 2 * (d + (y - y0) / s[i + 1])\n" \
    "    end\n"                                                         \
    "    x = ctx:step(i, y, x0)\n"                                      \
    "  end\n"                                                           \
    "  return x end"

static void measures_the_order_that_is_claimed(void)
{
    g_autoptr(SfmScriptReport) euler = keeps("order = 1, " EULER);
    g_assert_cmpfloat_with_epsilon(trial_of(euler, 0)->order.measured, 1, 0.02);
    g_autoptr(SfmScriptReport) ddim =
        keeps("order = 1, step = function(ctx, x, x0, eps, a, b) return x0 + b * eps end");
    g_assert_cmpfloat_with_epsilon(trial_of(ddim, 0)->order.measured,
                                   trial_of(euler, 0)->order.measured, 1e-4); // the same method
    g_autoptr(SfmScriptReport) heun = keeps("order = 2, evals = 2, " HEUN);
    g_assert_cmpfloat_with_epsilon(trial_of(heun, 0)->order.measured, 2, 0.05);
    breaks("order = 2, " EULER, "claims order 2; measured between 96 and 192 steps it is 1.00");
}

static void remarks_on_an_order_that_is_not_claimed(void)
{
    g_autoptr(SfmScriptReport) modest = keeps("order = 1, evals = 2, " HEUN);
    g_assert_cmpuint(modest->remarks->len, ==, 1);
    g_assert_nonnull(strstr(modest->remarks->pdata[0], "claims order 1; measured"));
    g_autoptr(SfmScriptReport) silent = keeps(EULER);
    g_assert_nonnull(strstr(silent->remarks->pdata[0], "claims neither an order"));
    g_assert_true(isnan(trial_of(silent, 0)->order.measured));
}

// It goes 1 % too far in each step: there is an end, but not the flow's.
static void finds_a_method_that_converges_to_something_else(void)
{
    breaks("order = 1, step = function(ctx, x, x0, eps, a, b)\n"
           "  return x0 + (b / a) ^ 1.01 * (x - x0) end",
           "claims order 1; measured");
}

static void finds_a_last_step_that_is_wrong(void)
{
    breaks("order = 1, step = function(ctx, x, x0, eps, a, b)\n"
           "  return b > 0 and x0 + b / a * (x - x0) or 2 * x0 end",
           "64 steps to level 0 end 0.");
}

static void counts_calls_of_the_model(void)
{
    g_autoptr(SfmScriptReport) heun = keeps("order = 2, evals = 2, " HEUN);
    g_assert_cmpfloat(trial_of(heun, 0)->evals.measured, ==, 2);
    breaks("order = 2, " HEUN, "claims to call the model 1 times a step, and calls it 2 times");
}

static void measures_what_stochastic_samplers_draw(void)
{
    g_autoptr(SfmScriptReport) ddpm = keeps("stochastic = true, " DDPM("1"));
    const SfmScriptTrial *trial = trial_of(ddpm, 0);
    g_assert_cmpfloat_with_epsilon(trial->standard_error, 0.005, 0.0005); // 1 / sqrt(40000)
    g_assert_cmpfloat(trial->mean.claimed, <, 0.06);
    g_assert_cmpfloat(trial->covariance.claimed, <, 0.06);
    breaks("stochastic = true, " DDPM("0.9"), "another covariance than the data");
    breaks("stochastic = true, " DDPM("1.1"), "another covariance than the data");
}

static void finds_a_mean_that_is_wrong(void)
{
    breaks("stochastic = true, step = function(ctx, x, x0, eps, a, b)\n"
           "  local y = x0 + (b / a) ^ 2 * (x - x0)\n"
           "  y = y + b * math.sqrt(1 - (b / a) ^ 2) * ctx:noise()\n"
           "  return b > 0 and y or y + 0.1 end",
           "another mean than the data: 0.1");
}

static void finds_noise_that_is_not_claimed_and_claims_without_noise(void)
{
    breaks(DDPM("1"), "draws noise: another seed gives other numbers");
    breaks("stochastic = true, " EULER, "claims to be stochastic, but draws no noise");
}

// A sampler may keep something from one run to the next; that it is one image of
// two here may not show there.
static void finds_what_cannot_be_repeated(void)
{
    breaks("order = 1, step = (function() local n = 0 return function(ctx, x, x0, eps, a, b)\n"
           "  n = n + 1 return x0 + b / a * (1 + 1e-6 * n) * (x - x0) end end)()",
           "the same seed gives other numbers when it is run again");
}

static void tries_knobs_where_claims_change(void)
{
    g_autoptr(SfmScriptReport) report =
        keeps("order = function(p) return p.more == 0 and 1 end,\n"
              "stochastic = function(p) return p.more > 0 end,\n"
              "params = { { 'more', type = 'number', default = 0, min = 0, max = 1, step = 0.1,\n"
              "    label = 'More', help = 'Of noise' },\n"
              "  { 'other', type = 'number', default = 0, min = 0, max = 1, label = 'Other',\n"
              "    help = 'Nothing' } },\n"
              "step = function(ctx, x, x0, eps, a, b, p)\n"
              "  local up = p.more * b * math.sqrt(1 - (b / a) ^ 2)\n"
              "  local y = x0 + math.sqrt(b * b - up * up) / a * (x - x0)\n"
              "  return up > 0 and y + up * ctx:noise() or y end");
    g_assert_cmpuint(report->trials->len, ==, 2);
    g_assert_cmpstr(trial_of(report, 0)->settings, ==, "");
    g_assert_cmpstr(trial_of(report, 1)->settings, ==, "more=1");
    g_assert_true(trial_of(report, 1)->stochastic);
}

// The mean of the posterior, and nothing drawn (Ho et al. 2020, equation 7 without
// its noise): of one point, in double.
static SfmPoint greedy(SfmPoint x, const SfmLevels *levels)
{
    for (size_t i = 0; i + 1 < levels->num; i++) {
        const SfmMixtureLevel level = sfm_mixture_level(levels->sigma[i]);
        const SfmPoint x0 = sfm_mixture_denoise(&level, x);
        const double kept = pow(levels->sigma[i + 1] / levels->sigma[i], 2);
        for (int c = 0; c < SFM_MIXTURE_DIM; c++)
            x.of[c] = x0.of[c] + kept * (x.of[c] - x0.of[c]);
    }
    return x;
}

static void holds_the_greedy_ddpm_to_its_formula(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path =
        g_build_filename(g_getenv("SFUMATO_DATA"), "lua", "samplers", "ddpm.lua", NULL);
    g_autoptr(SfmScript) ddpm = sfm_script_load(path, &error);
    g_assert_no_error(error);
    g_assert_true(sfm_script_set(ddpm, "variance", "greedy", &error));
    g_autoptr(SfmAnalytic) analytic = sfm_analytic_new(&sfm_analytic_kinds[0], 2, 4);
    g_autofree float *from = g_new(float, sfm_analytic_count(analytic));
    g_autofree float *to = g_new(float, sfm_analytic_count(analytic));
    g_auto(SfmLevels) levels = { 0 };
    sfm_examination_levels(&levels, 12, 20, 0.1, 0);
    sfm_analytic_start(analytic, 1, 0, 20, from);
    sfm_analytic_start(analytic, 1, 0, 20, to);
    g_assert_true(sfm_analytic_sample(analytic, ddpm, &levels, 1, 0, to, NULL, &error));
    for (size_t i = 0; i < sfm_analytic_num_points(analytic); i++) {
        const SfmPoint want = greedy(sfm_analytic_point(analytic, from, i), &levels);
        const SfmPoint got = sfm_analytic_point(analytic, to, i);
        g_assert_cmpfloat_with_epsilon(got.of[0], want.of[0], 2e-6);
        g_assert_cmpfloat_with_epsilon(got.of[1], want.of[1], 2e-6);
    }
}

static void leaves_a_script_that_fails_its_check_at_that(void)
{
    g_autoptr(SfmScriptReport) report = test("step = function() return 1 end");
    g_assert_cmpuint(report->trials->len, ==, 0);
    g_assert_cmpuint(report->problems->len, ==, 1);
}

static void writes_reports_as_json(void)
{
    g_autoptr(SfmScriptReport) report = test("order = 1, " EULER);
    g_autofree char *text = sfm_script_reports_json(&report, 1);
    g_assert_true(g_str_has_prefix(text, "[{\"path\": "));
    g_assert_nonnull(strstr(text, "\"order\": {\"claimed\": 1, \"measured\": 0.9"));
    g_assert_nonnull(strstr(text, "\"mean\": {\"claimed\": null, \"measured\": null, "
                                  "\"kept\": true}"));
    g_assert_nonnull(strstr(text, "\"problems\": []"));
    g_assert_true(g_str_has_suffix(text, "}]\n"));
}

int main(int argc, char **argv)
{
    scratch_open();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/test/measures_the_order_that_is_claimed", measures_the_order_that_is_claimed);
    g_test_add_func("/test/remarks_on_an_order_that_is_not_claimed",
                    remarks_on_an_order_that_is_not_claimed);
    g_test_add_func("/test/finds_a_method_that_converges_to_something_else",
                    finds_a_method_that_converges_to_something_else);
    g_test_add_func("/test/finds_a_last_step_that_is_wrong", finds_a_last_step_that_is_wrong);
    g_test_add_func("/test/counts_calls_of_the_model", counts_calls_of_the_model);
    g_test_add_func("/test/measures_what_stochastic_samplers_draw",
                    measures_what_stochastic_samplers_draw);
    g_test_add_func("/test/finds_a_mean_that_is_wrong", finds_a_mean_that_is_wrong);
    g_test_add_func("/test/finds_noise_that_is_not_claimed_and_claims_without_noise",
                    finds_noise_that_is_not_claimed_and_claims_without_noise);
    g_test_add_func("/test/finds_what_cannot_be_repeated", finds_what_cannot_be_repeated);
    g_test_add_func("/test/tries_knobs_where_claims_change", tries_knobs_where_claims_change);
    g_test_add_func("/test/holds_the_greedy_ddpm_to_its_formula",
                    holds_the_greedy_ddpm_to_its_formula);
    g_test_add_func("/test/leaves_a_script_that_fails_its_check_at_that",
                    leaves_a_script_that_fails_its_check_at_that);
    g_test_add_func("/test/writes_reports_as_json", writes_reports_as_json);
    const int status = g_test_run();
    scratch_close();
    return status;
}
