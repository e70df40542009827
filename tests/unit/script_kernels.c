// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the built-in samplers ask of a device: a step's update is one kernel.

#include "script_host.h"

enum { STEPS = 3 }; // of the host's levels

static SfmScript *load_built_in(const char *name)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *file = g_strconcat(name, ".lua", NULL);
    g_autofree char *path = g_test_build_filename(G_TEST_DIST, "..", "lua", "samplers", file, NULL);
    SfmScript *script = sfm_script_load(path, &error);
    g_assert_no_error(error);
    return script;
}

// The kernels of a run, and one that hands x over at its end.
static int count_kernels(const char *name, const char *knob, const char *value)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SfmScript) script = load_built_in(name);
    Host host;
    float data[SIZE] = { 1, 2, 3, 4, 5, 6 };

    host_init(&host, 1);
    g_assert_true(!knob || sfm_script_set(script, knob, value, &error));
    g_assert_true(run_script(&host, script, data, &error));
    g_assert_no_error(error);
    const int num = host.num_evals;
    host_clear(&host);
    return num;
}

static const char *const one_kernel_a_step[][3] = {
    { "ddim" },
    { "ddim", "eta", "0.5" },
    { "ddpm" },
    { "ddpm", "variance", "large" },
    { "ddpm", "variance", "greedy" },
};

static void an_update_is_one_kernel(gconstpointer data)
{
    const char *const *row = data;
    g_assert_cmpint(count_kernels(row[0], row[1], row[2]), ==, STEPS + 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(one_kernel_a_step); i++) {
        const char *const *row = one_kernel_a_step[i];
        g_autofree char *path = g_strdup_printf("/script/kernels/an_update_is_one_kernel/%s%s%s",
                                                row[0], row[1] ? "-" : "", row[1] ? row[2] : "");
        g_test_add_data_func(path, row, an_update_is_one_kernel);
    }
    return g_test_run();
}
