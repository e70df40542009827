// SPDX-License-Identifier: GPL-3.0-or-later
#include "job_trial.h"

#include <math.h>
#include <string.h>

#include "job/entry.h"
#include "job/scripts.h"

static SfmScript *find_schedule(const char *name)
{
    g_autoptr(SfmScriptLibrary) library = sfm_script_library_new(data_dir);
    g_autoptr(GError) error = NULL;
    SfmScript *schedule = sfm_script_find(library, SFM_SCRIPT_SCHEDULE, name, &error);

    g_assert_no_error(error);
    return schedule;
}

static SfmScriptModel model_of(const SfmNoiseTable *table)
{
    return (SfmScriptModel){
        .prediction = "epsilon",
        .sigma_min = table->sigma[0],
        .sigma_max = table->sigma[table->num - 1],
        .num_train_timesteps = table->num,
        .alphas_cumprod = table->alphas_cumprod,
        .spacing = "leading",
        .shape = SFM_SHAPE(1, 3, 8, 8),
    };
}

static void a_level_of_a_timestep_is_the_timestep_of_the_level(void)
{
    g_auto(SfmNoiseTable) table = { 0 };
    const double steps[] = { 0.0, 1.0, 17.25, 500.0, 998.5, 999.0 };

    init_table(&table);
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
        const double sigma = sfm_noise_table_sigma(&table, steps[i]);
        g_assert_cmpfloat_with_epsilon(sfm_noise_table_timestep(&table, sigma), steps[i], 1e-3);
    }
    g_assert_cmpfloat(sfm_noise_table_sigma(&table, 5000.0), ==, table.sigma[999]);
    g_assert_cmpfloat(sfm_noise_table_sigma(&table, 500.0), ==, table.sigma[500]);
}

static void enters_at_the_level_and_takes_as_many_steps_as_asked(void)
{
    static const char *const names[] = { "linear", "cosine", "karras", "exponential", "trained" };
    const int steps[] = { 1, 2, 7, 30 };
    g_auto(SfmNoiseTable) table = { 0 };

    init_table(&table);
    const SfmScriptModel model = model_of(&table);
    for (size_t k = 0; k < G_N_ELEMENTS(names) * G_N_ELEMENTS(steps); k++) {
        g_autoptr(SfmScript) schedule = find_schedule(names[k % G_N_ELEMENTS(names)]);
        const int num = steps[k / G_N_ELEMENTS(names)];
        g_autoptr(GError) error = NULL;
        g_auto(SfmLevels) levels = { 0 };
        sfm_entry_levels(schedule, &model, 0.4, num, &levels, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(levels.num, ==, (size_t)num + 1);
        g_assert_cmpfloat(levels.sigma[0], ==, 0.4);
        for (int i = 0; i < num; i++)
            g_assert_cmpfloat(levels.sigma[i], >, levels.sigma[i + 1]);
        g_assert_cmpfloat(levels.sigma[num], ==, 0.0);
    }
}

// Ten timesteps of this table lie below its level 10.
static void takes_fewer_steps_where_there_are_no_more_levels(void)
{
    g_auto(SfmNoiseTable) table = { 0 };
    g_auto(SfmLevels) levels = { 0 };
    g_autoptr(SfmScript) schedule = find_schedule("linear");

    init_table(&table);
    const SfmScriptModel model = model_of(&table);
    g_test_expect_message("sfumato", G_LOG_LEVEL_MESSAGE, "steps: 11 instead of 50; *");
    g_assert_true(sfm_entry_levels(schedule, &model, table.sigma[10], 50, &levels, NULL));
    g_test_assert_expected_messages();
    g_assert_cmpuint(levels.num, ==, 12); // timesteps 10 to 0, and no noise at all
    g_assert_cmpfloat_with_epsilon(levels.sigma[10], table.sigma[0], 1e-6);
}

int main(int argc, char **argv)
{
    open_trial(&argc, &argv);

#define TEST(name) g_test_add_func("/job/entry/" #name, name)
    TEST(a_level_of_a_timestep_is_the_timestep_of_the_level);
    TEST(enters_at_the_level_and_takes_as_many_steps_as_asked);
    TEST(takes_fewer_steps_where_there_are_no_more_levels);
    return run_trial();
}
