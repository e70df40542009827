// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/published.h"

#include <string.h>

#include "job/settings.h"
#include "scratch.h"

static void read_scheduler(const char *json, SfmSchedulerConfig *config)
{
    g_autofree char *path = scratch_text("scheduler_config.json", json);
    g_autoptr(GError) error = NULL;
    sfm_scheduler_config_read(path, config, &error);
    g_assert_no_error(error);
}

// "SCHEDULE SAMPLER SETTING SETTING ...; TIED ...", or why not.
static char *choose(const char *json, int num_steps)
{
    SfmSchedulerConfig config = { 0 };
    g_auto(SfmPublished) published = { 0 };
    g_autoptr(GError) error = NULL;

    read_scheduler(json, &config);
    const bool chosen = sfm_published_choose(&config, num_steps, &published, &error);
    sfm_scheduler_config_clear(&config);
    if (!chosen) {
        g_assert_error(error, SFM_ERROR, SFM_ERROR_UNSUPPORTED);
        g_assert_null(published.settings);
        return g_strdup(error->message);
    }
    g_autofree char *settings = g_strjoinv(" ", (char **)published.settings->pdata);
    g_autofree char *tied = g_strjoinv(" ", (char **)published.tied->pdata);
    return g_strdup_printf("%s %s %s%s%s", published.schedule, published.sampler, settings,
                           *tied ? "; " : "", tied);
}

static void a_class_is_a_schedule_and_a_sampler_with_settings(void)
{
    static const struct {
        const char *json, *want;
    } cases[] = {
        { "{\"_class_name\":\"DDPMScheduler\"}",
          "trained ddpm schedule.spacing=leading schedule.steps_offset=0 sampler.variance=small; "
          "sampler.final_noise=true" },
        { "{\"_class_name\":\"DDPMScheduler\",\"variance_type\":\"fixed_large\","
          "\"timestep_spacing\":\"trailing\",\"steps_offset\":1}",
          "trained ddpm schedule.spacing=trailing schedule.steps_offset=1 sampler.variance=large; "
          "sampler.final_noise=true" },
        { "{\"_class_name\":\"DDIMScheduler\",\"set_alpha_to_one\":false}",
          "trained ddim schedule.spacing=leading schedule.steps_offset=0; sampler.stride=50 "
          "sampler.final=first" },
        { "{\"_class_name\":\"ScoreSdeVeScheduler\",\"snr\":0.25}",
          "geometric predictor-corrector sampler.snr=0.25 sampler.correct_steps=1" },
        { "{\"_class_name\":\"CMStochasticIterativeScheduler\",\"num_train_timesteps\":18}",
          "consistency consistency schedule.rho=7 schedule.points=18 sampler.s_noise=1" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *got = choose(cases[i].json, 20);
        g_assert_cmpstr(got, ==, cases[i].want);
    }
}

static void check_settings(const char *json, int num_steps, const char *want)
{
    g_autofree char *got = choose(json, num_steps);
    if (!g_str_has_suffix(got, want))
        g_error("%s in %d steps: got '%s', want '... %s'", json, num_steps, got, want);
}

static void few_steps_of_a_dpm_solver_end_at_lower_order(void)
{
    static const struct {
        const char *options;
        int num_steps, lowered;
    } cases[] = {
        { "", 14, 1 },
        { "", 15, 0 },
        { ",\"lower_order_final\":false", 14, 0 },
        { ",\"euler_at_final\":true", 15, 1 },
        { ",\"solver_order\":3", 14, 2 },
        { ",\"solver_order\":3", 15, 0 },
        { ",\"solver_order\":3,\"euler_at_final\":true", 15, 1 },
        { ",\"solver_order\":3,\"euler_at_final\":true,\"lower_order_final\":false", 9, 1 },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *json = g_strdup_printf(
            "{\"_class_name\":\"DPMSolverMultistepScheduler\"%s}", cases[i].options);
        g_autofree char *got = choose(json, cases[i].num_steps);
        g_autofree char *want = g_strdup_printf(" sampler.lowered=%d ", cases[i].lowered);
        g_assert_nonnull(strstr(got, want));
    }
}

static void an_algorithm_and_an_order_are_a_sampler(void)
{
#define DPM "{\"_class_name\":\"DPMSolverMultistepScheduler\",\"final_sigmas_type\":\"sigma_min\""
    static const struct {
        const char *json, *sampler;
    } cases[] = {
        { DPM ",\"solver_order\":1}", "trained euler " },
        { DPM "}", "trained dpmpp-2m " },
        { DPM ",\"solver_order\":3}", "trained dpmpp-3m " },
        { DPM ",\"solver_order\":4}", "trained dpmpp-3m " },
        { DPM ",\"algorithm_type\":\"dpmsolver\"}", "trained dpm-multistep " },
        { DPM ",\"algorithm_type\":\"sde-dpmsolver\"}", "trained dpm-multistep-sde " },
        { DPM ",\"algorithm_type\":\"sde-dpmsolver++\",\"solver_order\":1}", "trained ddpm " },
        { DPM ",\"algorithm_type\":\"sde-dpmsolver++\"}", "trained dpmpp-2m-sde " },
        { DPM ",\"algorithm_type\":\"sde-dpmsolver++\",\"solver_order\":3}",
          "trained dpmpp-3m-sde " },
        { "{\"_class_name\":\"DPMSolverSinglestepScheduler\"}", "trained dpmpp-singlestep " },
        { "{\"_class_name\":\"DPMSolverSinglestepScheduler\",\"algorithm_type\":\"dpmsolver\","
          "\"final_sigmas_type\":\"sigma_min\"}",
          "trained dpm-singlestep " },
        { "{\"_class_name\":\"DPMSolverSDEScheduler\"}", "trained dpmpp-sde " },
        { "{\"_class_name\":\"UniPCMultistepScheduler\"}", "trained unipc " },
        { "{\"_class_name\":\"DEISMultistepScheduler\"}", "trained deis " },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *got = choose(cases[i].json, 20);
        if (!g_str_has_prefix(got, cases[i].sampler))
            g_error("%s: got '%s'", cases[i].json, got);
    }
#undef DPM
}

static void solvers_in_log_sigma_get_their_options(void)
{
    check_settings("{\"_class_name\":\"DPMSolverMultistepScheduler\",\"solver_order\":3,"
                   "\"solver_type\":\"heun\",\"lambda_min_clipped\":-5.5,"
                   "\"use_karras_sigmas\":true}",
                   20,
                   "schedule.spacing=linspace schedule.steps_offset=0 schedule.points=steps+1 "
                   "schedule.lambda_min=-5.5 sampler.curvature=0.5 sampler.solver=heun "
                   "sampler.lowered=0 schedule.spread_over=table schedule.rounded=nearest "
                   "schedule.final=zero schedule.spread=karras");
    check_settings("{\"_class_name\":\"DPMSolverMultistepScheduler\",\"use_lu_lambdas\":true,"
                   "\"beta_schedule\":\"squaredcos_cap_v2\"}",
                   20,
                   "schedule.spread_over=table schedule.rounded=down schedule.final=zero "
                   "schedule.spread=exponential");
    check_settings("{\"_class_name\":\"DPMSolverSinglestepScheduler\",\"solver_order\":3,"
                   "\"timestep_spacing\":\"leading\"}",
                   9,
                   "dpmpp-singlestep schedule.spacing=linspace schedule.points=steps+1 "
                   "sampler.order=3 sampler.solver=midpoint sampler.lowered=false "
                   "schedule.spread_over=table schedule.rounded=down schedule.final=zero");
    check_settings(
        "{\"_class_name\":\"UniPCMultistepScheduler\",\"disable_corrector\":[0,2,9,4000],"
        "\"solver_type\":\"bh1\",\"predict_x0\":false,\"lower_order_final\":false,"
        "\"final_sigmas_type\":\"sigma_min\",\"use_exponential_sigmas\":true}",
        9,
        "schedule.points=steps+1 sampler.order=2 sampler.solver=bh1 "
        "sampler.predict=noise sampler.lowered=0 sampler.uncorrected=1, 3 "
        "schedule.spread_over=table schedule.rounded=down schedule.final=sigma_min "
        "schedule.spread=exponential");
    check_settings("{\"_class_name\":\"DEISMultistepScheduler\",\"solver_order\":3}", 14,
                   "schedule.points=steps+1 sampler.order=3 sampler.lowered=2 "
                   "schedule.spread_over=table schedule.rounded=down schedule.final=sigma_min");
    check_settings("{\"_class_name\":\"DPMSolverSDEScheduler\",\"use_karras_sigmas\":true}", 9,
                   "schedule.spacing=linspace schedule.steps_offset=0 schedule.fractional=true "
                   "schedule.spread_over=run schedule.spread=karras");
}

// The last step of a group is of full order unless steps are left over, or it is
// asked to be lower.
static void singlestep_is_lowered_as_published(void)
{
    static const struct {
        const char *options;
        int num_steps;
        bool lowered;
    } cases[] = {
        { "", 10, false },
        { "", 11, true },
        { ",\"lower_order_final\":true", 10, true },
        { ",\"solver_order\":3", 9, false },
        { ",\"solver_order\":3", 10, true },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *json = g_strdup_printf(
            "{\"_class_name\":\"DPMSolverSinglestepScheduler\"%s}", cases[i].options);
        g_autofree char *got = choose(json, cases[i].num_steps);
        const char *want = cases[i].lowered ? "sampler.lowered=true" : "sampler.lowered=false";
        g_assert_nonnull(strstr(got, want));
    }
}

// What a scheduler of the Euler family chooses, behind its timesteps: "linspace"
// and no offset, not rounded.
static void check_euler(const char *class_name, const char *options, const char *want)
{
    g_autofree char *json = g_strdup_printf("{\"_class_name\":\"%s\"%s}", class_name, options);
    g_autofree char *all = g_strdup_printf(
        " schedule.spacing=linspace schedule.steps_offset=0 schedule.fractional=true%s", want);
    check_settings(json, 20, all);
}

static void the_euler_family_spreads_over_the_runs_own_levels(void)
{
#define KARRAS "\"use_karras_sigmas\":true"
#define RUN    " schedule.spread_over=run"
    check_euler("LMSDiscreteScheduler", "," KARRAS, RUN " schedule.spread=karras");
    check_euler("HeunDiscreteScheduler", ",\"use_beta_sigmas\":true", RUN " schedule.spread=beta");
    check_euler("KDPM2DiscreteScheduler", "", RUN " schedule.rounded=no");
    check_euler("KDPM2AncestralDiscreteScheduler", "," KARRAS,
                RUN " schedule.spread=karras schedule.rounded=nearest");
    check_euler("EulerAncestralDiscreteScheduler", "," KARRAS, ""); // it has no such option
#undef RUN
}

static void euler_has_ends_of_its_own(void)
{
    const char *class_name = "EulerDiscreteScheduler";
#define ENDS ",\"sigma_min\":0.5,\"sigma_max\":8"
    check_euler(class_name, "", " schedule.final=zero schedule.spread_over=run");
    check_euler(class_name, ",\"final_sigmas_type\":\"sigma_min\"" ENDS,
                " schedule.final=sigma_min schedule.spread_over=run");
    check_euler(class_name, "," KARRAS ENDS,
                " schedule.final=zero schedule.spread_over=run schedule.sigma_max=8 "
                "schedule.sigma_min=0.5 schedule.spread=karras");
#undef ENDS
}

static void log_linear_levels_are_of_the_whole_table(void)
{
    const char *class_name = "EulerDiscreteScheduler";
#define LOG_LINEAR ",\"interpolation_type\":\"log_linear\""
    check_euler(class_name, LOG_LINEAR, " schedule.spread=log-linear schedule.final=sigma_min");
    check_euler(class_name, LOG_LINEAR "," KARRAS,
                " schedule.final=zero schedule.spread_over=table schedule.spread=karras");
#undef LOG_LINEAR
#undef KARRAS
}

static void pndm_starts_and_ends_as_its_file_says(void)
{
#define PNDM "{\"_class_name\":\"PNDMScheduler\""
    check_settings(PNDM "}", 30,
                   " pndm schedule.spacing=leading schedule.steps_offset=0 "
                   "sampler.start=runge-kutta sampler.averages=noise; "
                   "sampler.stride=33 sampler.final=first");
    check_settings(PNDM ",\"skip_prk_steps\":true,\"prediction_type\":\"v_prediction\","
                        "\"set_alpha_to_one\":true}",
                   10,
                   "sampler.start=plms sampler.averages=velocity; "
                   "sampler.stride=100 sampler.final=clean");
#undef PNDM
}

static SfmScript *load(const char *kind, const char *name)
{
    g_autofree char *file = g_strdup_printf("%s.lua", name);
    g_autofree char *path = g_test_build_filename(G_TEST_DIST, "..", "lua", kind, file, NULL);
    g_autoptr(GError) error = NULL;
    SfmScript *script = sfm_script_load(path, &error);
    g_assert_no_error(error);
    return script;
}

// A refusal is no choice; one setting that its script does not have is a failure.
static void check_that_scripts_take(const char *json, int num_steps)
{
    SfmSchedulerConfig config = { 0 };
    g_auto(SfmPublished) published = { 0 };
    g_autoptr(GError) error = NULL;

    read_scheduler(json, &config);
    if (sfm_published_choose(&config, num_steps, &published, NULL)) {
        g_autoptr(SfmScript) schedule = load("schedules", published.schedule);
        g_autoptr(SfmScript) sampler = load("samplers", published.sampler);
        const char *const *settings = (const char *const *)published.settings->pdata;
        const char *const *tied = (const char *const *)published.tied->pdata;
        if (!sfm_settings_apply(settings, NULL, schedule, sampler, &error) ||
            !sfm_settings_apply(tied, NULL, schedule, sampler, &error))
            g_error("%s in %d steps: %s", json, num_steps, error->message);
    }
    sfm_scheduler_config_clear(&config);
}

static void every_choice_is_one_that_its_scripts_take(void)
{
    static const char *const classes[] = {
        "DPMSolverMultistepScheduler", "DPMSolverSinglestepScheduler", "DPMSolverSDEScheduler",
        "UniPCMultistepScheduler",     "DEISMultistepScheduler",       "EulerDiscreteScheduler",
    };
    static const char *const algorithms[] = { "dpmsolver", "dpmsolver++", "sde-dpmsolver",
                                              "sde-dpmsolver++" };
    static const char *const options[] = {
        "\"solver_type\":\"heun\"",       "\"solver_type\":\"bh1\",\"predict_x0\":false",
        "\"lower_order_final\":true",     "\"euler_at_final\":true",
        "\"use_karras_sigmas\":true",     "\"use_exponential_sigmas\":true",
        "\"use_beta_sigmas\":true",       "\"use_lu_lambdas\":true",
        "\"lambda_min_clipped\":-5.1",    "\"timestep_spacing\":\"trailing\"",
        "\"disable_corrector\":[0,1,10]",
    };
    // Orders 1 to 4, in 10 steps and in 20.
    for (size_t i = 0; i < G_N_ELEMENTS(classes) * G_N_ELEMENTS(algorithms) * 4 * 2; i++) {
        const size_t kind = i / 8;
        const int order = (int)(i % 4) + 1, num_steps = i / 4 % 2 ? 20 : 10;
        for (size_t k = 0; k < G_N_ELEMENTS(options); k++) {
            g_autofree char *json = g_strdup_printf(
                "{\"_class_name\":\"%s\",\"algorithm_type\":\"%s\",\"solver_order\":%d,"
                "\"final_sigmas_type\":\"sigma_min\",%s}",
                classes[kind / G_N_ELEMENTS(algorithms)],
                algorithms[kind % G_N_ELEMENTS(algorithms)], order, options[k]);
            check_that_scripts_take(json, num_steps);
        }
    }
}

static void what_has_no_counterpart_is_refused_by_name(void)
{
    static const struct {
        const char *json, *want;
    } cases[] = {
        { "{\"_class_name\":\"MagicScheduler\"}",
          "MagicScheduler has no counterpart here; choose a schedule and a sampler" },
        { "{\"_class_name\":\"IPNDMScheduler\"}",
          "IPNDMScheduler has no counterpart here; choose a schedule and a sampler" },
        { "{\"_class_name\":\"EulerDiscreteScheduler\",\"timestep_type\":\"continuous\","
          "\"prediction_type\":\"v_prediction\"}",
          "EulerDiscreteScheduler: timestep_type continuous has no counterpart here; "
          "choose a schedule and a sampler" },
        { "{\"_class_name\":\"DPMSolverMultistepScheduler\",\"algorithm_type\":\"dpmsolver\"}",
          "DPMSolverMultistepScheduler: final_sigmas_type zero of algorithm_type "
          "dpmsolver has no "
          "counterpart here; choose a schedule and a sampler" },
        { "{\"_class_name\":\"DPMSolverMultistepScheduler\",\"algorithm_type\":\"sde-dpmsolver\"}",
          "DPMSolverMultistepScheduler: final_sigmas_type zero of algorithm_type "
          "sde-dpmsolver has no "
          "counterpart here; choose a schedule and a sampler" },
        { "{\"_class_name\":\"DPMSolverMultistepScheduler\",\"algorithm_type\":\"sde-dpmsolver\","
          "\"solver_order\":3,\"final_sigmas_type\":\"sigma_min\"}",
          "DPMSolverMultistepScheduler: solver_order 3 of algorithm_type sde-dpmsolver "
          "has no "
          "counterpart here; choose a schedule and a sampler" },
        { "{\"_class_name\":\"DPMSolverMultistepScheduler\",\"use_flow_sigmas\":true}",
          "DPMSolverMultistepScheduler: use_flow_sigmas has no "
          "counterpart here; choose a schedule and a sampler" },
        { "{\"_class_name\":\"DPMSolverSinglestepScheduler\",\"algorithm_type\":\"sde-dpmsolver++"
          "\",\"solver_order\":3}",
          "DPMSolverSinglestepScheduler: solver_order 3 of algorithm_type "
          "sde-dpmsolver++ has no "
          "counterpart here; choose a schedule and a sampler" },
        { "{\"_class_name\":\"DPMSolverSinglestepScheduler\",\"algorithm_type\":\"sde-dpmsolver\","
          "\"final_sigmas_type\":\"sigma_min\"}",
          "DPMSolverSinglestepScheduler: solver_order 2 of algorithm_type sde-dpmsolver "
          "has no "
          "counterpart here; choose a schedule and a sampler" },
        { "{\"_class_name\":\"DPMSolverSinglestepScheduler\",\"solver_order\":4}",
          "DPMSolverSinglestepScheduler: a solver_order above 3 has no "
          "counterpart here; choose a schedule and a sampler" },
        { "{\"_class_name\":\"UniPCMultistepScheduler\",\"solver_order\":4}",
          "UniPCMultistepScheduler: a solver_order above 3 has no "
          "counterpart here; choose a schedule and a sampler" },
        { "{\"_class_name\":\"UniPCMultistepScheduler\",\"solver_p\":{}}",
          "UniPCMultistepScheduler: solver_p has no "
          "counterpart here; choose a schedule and a sampler" },
        { "{\"_class_name\":\"DPMSolverSDEScheduler\",\"prediction_type\":\"sample\"}",
          "DPMSolverSDEScheduler: prediction_type sample has no "
          "counterpart here; choose a schedule and a sampler" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *got = choose(cases[i].json, 20);
        g_assert_cmpstr(got, ==, cases[i].want);
    }
}

static void the_start_is_the_classs(void)
{
    static const struct {
        const char *json;
        bool sigma;
    } cases[] = {
        { "{\"_class_name\":\"DDPMScheduler\"}", false },
        { "{\"_class_name\":\"DPMSolverMultistepScheduler\"}", false },
        { "{\"_class_name\":\"EulerDiscreteScheduler\"}", true },
        { "{\"_class_name\":\"EulerDiscreteScheduler\",\"timestep_spacing\":\"leading\"}", false },
        { "{\"_class_name\":\"KDPM2AncestralDiscreteScheduler\"}", true },
        { "{\"_class_name\":\"PNDMScheduler\"}", false },
        { "{\"_class_name\":\"ScoreSdeVeScheduler\"}", true },
        { "{\"_class_name\":\"CMStochasticIterativeScheduler\"}", true },
        { "{\"_class_name\":\"MagicScheduler\"}", false },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        SfmSchedulerConfig config = { 0 };
        read_scheduler(cases[i].json, &config);
        g_assert_true(sfm_published_starts_with_sigma(&config) == cases[i].sigma);
        sfm_scheduler_config_clear(&config);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    scratch_open();
#define TEST(name) g_test_add_func("/job/published/" #name, name)
    TEST(a_class_is_a_schedule_and_a_sampler_with_settings);
    TEST(few_steps_of_a_dpm_solver_end_at_lower_order);
    TEST(an_algorithm_and_an_order_are_a_sampler);
    TEST(solvers_in_log_sigma_get_their_options);
    TEST(singlestep_is_lowered_as_published);
    TEST(every_choice_is_one_that_its_scripts_take);
    TEST(the_euler_family_spreads_over_the_runs_own_levels);
    TEST(euler_has_ends_of_its_own);
    TEST(log_linear_levels_are_of_the_whole_table);
    TEST(pndm_starts_and_ends_as_its_file_says);
    TEST(what_has_no_counterpart_is_refused_by_name);
    TEST(the_start_is_the_classs);
    const int result = g_test_run();
    scratch_close();
    return result;
}
