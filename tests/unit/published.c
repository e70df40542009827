// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/published.h"

#include "scratch.h"

static void read_scheduler(const char *json, SfmSchedulerConfig *config)
{
    g_autofree char *path = scratch_text("scheduler_config.json", json);
    g_autoptr(GError) error = NULL;
    sfm_scheduler_config_read(path, config, &error);
    g_assert_no_error(error);
}

// "SCHEDULE SAMPLER SETTING SETTING ...", or why not.
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
    return g_strdup_printf("%s %s %s", published.schedule, published.sampler, settings);
}

static void a_class_is_a_schedule_and_a_sampler_with_settings(void)
{
    static const struct {
        const char *json, *want;
    } cases[] = {
        { "{\"_class_name\":\"DDPMScheduler\"}",
          "trained ddpm schedule.spacing=leading schedule.steps_offset=0 sampler.variance=small" },
        { "{\"_class_name\":\"DDPMScheduler\",\"variance_type\":\"fixed_large\","
          "\"timestep_spacing\":\"trailing\",\"steps_offset\":1}",
          "trained ddpm schedule.spacing=trailing schedule.steps_offset=1 sampler.variance=large" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *got = choose(cases[i].json, 20);
        g_assert_cmpstr(got, ==, cases[i].want);
    }
}

static void what_has_no_counterpart_is_refused_by_name(void)
{
    static const struct {
        const char *json, *want;
    } cases[] = {
        { "{\"_class_name\":\"MagicScheduler\"}",
          "scheduler MagicScheduler has no counterpart here; choose a schedule and a sampler" },
        { "{\"_class_name\":\"EulerDiscreteScheduler\",\"timestep_type\":\"continuous\","
          "\"prediction_type\":\"v_prediction\"}",
          "scheduler EulerDiscreteScheduler: timestep_type continuous has no counterpart here; "
          "choose a schedule and a sampler" },
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
    TEST(what_has_no_counterpart_is_refused_by_name);
    TEST(the_start_is_the_classs);
    const int result = g_test_run();
    scratch_close();
    return result;
}
