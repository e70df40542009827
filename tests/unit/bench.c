// SPDX-License-Identifier: GPL-3.0-or-later
//
// What an evaluation costs and takes, on the reference device, with a small
// published model of 16x16 pixels.

#include <sfumato/engine.h>

static char *model_path;

static SfmEngine *open_engine(void)
{
    const SfmEngineParams params = { .device = "reference" };
    g_autoptr(GError) error = NULL;
    SfmEngine *engine = sfm_engine_new(&params, &error);

    g_assert_no_error(error);
    return engine;
}

static void counts_what_an_evaluation_costs(void)
{
    g_autoptr(SfmEngine) engine = open_engine();
    g_autoptr(GError) error = NULL;
    SfmModelCost own, twice;

    sfm_engine_model_cost(engine, model_path, 0, 0, &own, &error);
    g_assert_no_error(error);
    sfm_engine_model_cost(engine, model_path, 32, 16, &twice, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(own.weight_bytes, ==, 4 * own.parameters);
    g_assert_cmpuint(own.parameters, ==, twice.parameters);
    g_assert_cmpfloat(twice.flop, >, 1.8 * own.flop); // attention grows faster, time does not
    g_assert_cmpuint(twice.arena_bytes, >, own.arena_bytes);
}

static void assert_times(const SfmBenchTimes *t, int num)
{
    g_assert_cmpint(t->num, ==, num);
    g_assert_cmpfloat(t->fastest, >, 0.0);
    g_assert_cmpfloat(t->fastest, <=, t->lower);
    g_assert_cmpfloat(t->lower, <=, t->median);
    g_assert_cmpfloat(t->median, <=, t->upper);
    g_assert_cmpfloat(t->upper, <=, t->slowest);
}

static void times_every_step(void)
{
    g_autoptr(SfmEngine) engine = open_engine();
    g_autoptr(GError) error = NULL;
    g_auto(SfmBench) bench = { 0 };
    const SfmBenchParams params = { .model = model_path, .repeats = 2, .num_steps = 12 };
    SfmModelCost cost;

    sfm_engine_bench(engine, &params, &bench, &error);
    g_assert_no_error(error);
    g_assert_true(sfm_engine_model_cost(engine, model_path, 0, 0, &cost, NULL));
    g_assert_cmpuint(bench.steps->len, ==, (guint)cost.kernels);
    g_assert_cmpuint(bench.arena_bytes, ==, cost.arena_bytes);
    g_assert_cmpuint(bench.arena_floor, <=, bench.arena_bytes);
    g_assert_cmpuint(bench.weight_bytes, ==, cost.weight_bytes);
    g_assert_cmpint(bench.num_dispatches, ==, cost.kernels); // of the references, one each
    assert_times(&bench.wall, 2);
    assert_times(&bench.cpu, 2);
    assert_times(&bench.run_wall, 2);
    assert_times(&bench.run_cpu, 2);
    // Twelve evaluations: many more than two, however busy the machine is. As below, a wrong unit
    // or number is what would be found.
    g_assert_cmpfloat(bench.run_cpu.fastest, >, 2.0 * bench.cpu.fastest);
    for (guint i = 0; i < bench.steps->len; i++) {
        const SfmBenchStep *step = bench.steps->pdata[i];
        g_assert_cmpfloat(step->milliseconds, <, 20.0 * bench.wall.slowest);
        g_assert_cmpfloat(step->bytes, >, 0.0);
    }
}

static void times_evaluations_alone(void)
{
    g_autoptr(SfmEngine) engine = open_engine();
    g_auto(SfmBench) bench = { 0 };
    const SfmBenchParams params = { .model = model_path, .evaluations_alone = true };

    g_assert_true(sfm_engine_bench(engine, &params, &bench, NULL));
    assert_times(&bench.wall, 5);
    g_assert_cmpuint(bench.steps->len, ==, 0);
    g_assert_cmpint(bench.run_wall.num, ==, 0);
}

static void refuses_what_cannot_be_timed(void)
{
    g_autoptr(SfmEngine) engine = open_engine();
    g_auto(SfmBench) bench = { 0 };
    const struct {
        SfmBenchParams params;
        const char *message;
    } cases[] = {
        { { .batch = 1025 }, "batch: 1025 is not in 1 .. 1024" },
        { { .batch = -1 }, "batch: -1 is not in 1 .. 1024" },
        { { .repeats = 1001 }, "repeats: 1001 is not in 1 .. 1000" },
        { { .num_steps = -1 }, "steps: -1 is less than 0" },
        { { .num_steps = 3 },
          "steps: cifar10 has random weights and no noise levels; name a model to time whole runs "
          "of" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_false(sfm_engine_bench(engine, &cases[i].params, &bench, &error));
        g_assert_error(error, SFM_ERROR, SFM_ERROR_BAD_ARGUMENT);
        g_assert_cmpstr(error->message, ==, cases[i].message);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    model_path = g_test_build_filename(G_TEST_DIST, "fixtures", "pipeline", "model", NULL);
    g_autofree char *data_dir = g_test_build_filename(G_TEST_DIST, "..", NULL);
    g_setenv("SFUMATO_DATA", data_dir, true);

#define TEST(name) g_test_add_func("/job/bench/" #name, name)
    TEST(counts_what_an_evaluation_costs);
    TEST(times_every_step);
    TEST(times_evaluations_alone);
    TEST(refuses_what_cannot_be_timed);
    const int result = g_test_run();
    g_free(model_path);
    return result;
}
