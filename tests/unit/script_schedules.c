// SPDX-License-Identifier: GPL-3.0-or-later
//
// The built-in schedules in the sandbox, on models of every kind: what they answer
// is taken, and within the work that a script is granted.

#include "job/analytic.h"

// As many as the model has training steps, or 1000 where it counts none.
static int most_steps(const SfmScriptModel *model)
{
    return model->num_train_timesteps > 0 ? (int)model->num_train_timesteps : 1000;
}

static void asserts_levels(SfmScript *schedule, const SfmScriptModel *model, int num_steps,
                           const char *when)
{
    g_autoptr(GError) error = NULL;
    g_auto(SfmLevels) levels = { 0 };
    if (!sfm_script_levels(schedule, model, num_steps, &levels, &error))
        g_error("%s, %d steps: %s", when, num_steps, error->message);
    g_assert_cmpuint(levels.num, >=, 2);
    for (size_t i = 1; i < levels.num; i++)
        g_assert_cmpfloat(levels.sigma[i], <, levels.sigma[i - 1]);
}

static void gives_levels_for_every_kind_of_model(gconstpointer path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SfmScript) schedule = sfm_script_load(path, &error);
    g_assert_no_error(error);
    for (size_t k = 0; k < sfm_num_analytic_kinds; k++) {
        const SfmAnalyticKind *kind = &sfm_analytic_kinds[k];
        g_autoptr(SfmAnalytic) analytic = sfm_analytic_new(kind, 1, 1);
        const SfmScriptModel *model = sfm_analytic_model(analytic);
        const int nums[] = { 1, 2, 7, most_steps(model) / 5, most_steps(model) };
        for (size_t i = 0; i < G_N_ELEMENTS(nums); i++)
            asserts_levels(schedule, model, nums[i], kind->title);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_autofree char *folder = g_test_build_filename(G_TEST_DIST, "..", "lua", "schedules", NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    g_assert_nonnull(dir);
    for (const char *name; (name = g_dir_read_name(dir));) {
        g_autofree char *test = g_strdup_printf("/script/schedules/%s", name);
        char *path = g_build_filename(folder, name, NULL);
        g_ptr_array_add(paths, path);
        g_test_add_data_func(test, path, gives_levels_for_every_kind_of_model);
    }
    g_assert_cmpuint(paths->len, >, 10);
    return g_test_run();
}
