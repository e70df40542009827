// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the built-in samplers ask of a device: one kernel for each evaluation of
// the model, and soon none that has not run before.

#include "script_host.h"

// The first steps and the last may differ from those between.
enum { STEPS = 12, FIRST_USUAL = 4, LAST_USUAL = STEPS - 2 };

// A run, step by step: calls of the model, kernels, and those that no earlier
// step had.
typedef struct {
    Host host;
    GHashTable *seen; // of GBytes: expressions without their numbers
    int step;
    int evals[STEPS + 1], kernels[STEPS + 1], new_kernels[STEPS + 1];
} Counter;

static Counter *counter; // the runner's functions know none

// Reads on in what the host was asked.
static void catch_up(void)
{
    g_auto(GStrv) asked = g_strsplit(counter->host.said->str, ";", -1);
    counter->step = 0;
    memset(counter->evals, 0, sizeof counter->evals);
    for (char **one = asked; *one; one++) {
        counter->evals[counter->step] += g_str_has_prefix(*one, "denoise");
        counter->step += g_str_has_prefix(*one, "step");
    }
}

static bool count(SfmRunner *runner, const SfmExpr *expr, const float scalars[],
                  SfmBuffer *const in[], SfmBuffer *out, GError **error)
{
    catch_up();
    GBytes *form = g_bytes_new(expr->node, (gsize)expr->num_nodes * sizeof expr->node[0]);
    counter->kernels[counter->step]++;
    counter->new_kernels[counter->step] += g_hash_table_add(counter->seen, form);
    return counter->host.own->eval(runner, expr, scalars, in, out, error);
}

static void forget(gpointer form)
{
    g_bytes_unref(form);
}

static void run_counted(Counter *c, SfmScript *script)
{
    g_autoptr(GError) error = NULL;
    double sigma[STEPS + 1] = { 0 }, timestep[STEPS + 1] = { 0 };
    float data[SIZE] = { 1, 2, 3, 4, 5, 6 };

    for (int i = 0; i < STEPS; i++) {
        sigma[i] = 4 * pow(0.8, i);
        timestep[i] = STEPS - i;
    }
    *c = (Counter){ .seen = g_hash_table_new_full(g_bytes_hash, g_bytes_equal, forget, NULL) };
    counter = c;
    host_init(&c->host, 1);
    c->host.class.eval = count;
    if (strcmp(sfm_script_info(script)->name, "consistency") == 0)
        c->host.model.prediction = "consistency"; // no other will do
    c->host.levels = (SfmLevels){ .num = STEPS + 1, .sigma = sigma, .timestep = timestep };
    run_script(&c->host, script, data, &error);
    g_assert_no_error(error);
    catch_up();
    host_clear(&c->host);
    g_hash_table_unref(c->seen);
}

// Kernels of a step beside one for each evaluation.
static int own_kernels(const char *name)
{
    static const struct {
        const char *name;
        int num;
    } known[] = {
        { "edm", 1 },                 // noise that the model is to see
        { "predictor-corrector", 1 }, // what lies between x and x0, to be measured
        { "unipc", 1 },               // what is corrected is predicted from, and corrected again
    };
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        if (strcmp(known[i].name, name) == 0)
            return known[i].num;
    }
    return 0;
}

static void assert_cheap(SfmScript *script, const char *setting)
{
    const char *name = sfm_script_info(script)->name;
    Counter c;

    run_counted(&c, script);
    for (int i = 0; i < STEPS; i++) {
        g_test_message("%s %s: step %d: %d evaluations, %d kernels, %d new", name, setting, i,
                       c.evals[i], c.kernels[i], c.new_kernels[i]);
        g_assert_cmpint(c.kernels[i], <=, c.evals[i] + own_kernels(name));
        if (i >= FIRST_USUAL && i <= LAST_USUAL)
            g_assert_cmpint(c.new_kernels[i], ==, 0);
    }
}

static SfmScript *load_file(const char *path)
{
    g_autoptr(GError) error = NULL;
    SfmScript *script = sfm_script_load(path, &error);

    g_assert_no_error(error);
    return script;
}

static void a_step_is_one_kernel_an_evaluation(gconstpointer path)
{
    g_autoptr(SfmScript) script = load_file(path);
    const SfmScriptInfo *info = sfm_script_info(script);

    assert_cheap(script, "as it is");
    for (size_t i = 0; i < info->num_params; i++) {
        const SfmParam *param = &info->params[i];
        for (char **choice = param->choices; choice && *choice; choice++) {
            g_autoptr(SfmScript) other = load_file(path);
            g_assert_true(sfm_script_set(other, param->name, *choice, NULL));
            assert_cheap(other, *choice);
        }
    }
}

// The samplers that are not adaptive: those may take any number of kernels.
static int add_tests(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *file;
    int num = 0;

    while (dir && (file = g_dir_read_name(dir))) {
        char *path = g_build_filename(folder, file, NULL); // the test's, to the end
        g_autoptr(SfmScript) script = load_file(path);
        g_autofree char *name = g_strconcat("/script/kernels/", file, NULL);
        if (sfm_script_info(script)->adaptive)
            g_free(path);
        else
            g_test_add_data_func_full(name, path, a_step_is_one_kernel_an_evaluation, g_free);
        num++;
    }
    return num;
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_autofree char *folder = g_test_build_filename(G_TEST_DIST, "..", "lua", "samplers", NULL);
    g_assert_cmpint(add_tests(folder), >=, 20);
    return g_test_run();
}
