// SPDX-License-Identifier: GPL-3.0-or-later
//
// The scripts of docs/examples: what they make, worked out by hand where x at
// any level is half clean, and with the digits.

#include <sfumato/engine.h>

#include "job/engine.h"
#include "script_host.h"
#include "support/vulkan.h"

static char *example_path(const char *name)
{
    return g_test_build_filename(G_TEST_DIST, "..", "docs", "examples", name, NULL);
}

// ---- by hand ----------------------------------------------------------------

static void run_example(Host *host, const char *name, const char *const settings[][2], size_t num,
                        float data[])
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = example_path(name);
    g_autoptr(SfmScript) script = sfm_script_load(path, &error);

    g_assert_no_error(error);
    for (size_t i = 0; i < num; i++)
        g_assert_true(sfm_script_set(script, settings[i][0], settings[i][1], &error));
    run_script(host, script, data, &error);
    g_assert_no_error(error);
}

// A step from a to b takes x / 2 + b / a x / 2: 3/4, 3/4 and 1/2 of it, 9/32 in
// all. So the pictures are 9/32 x and, from noise of ones at level 4, 9/8. Half of
// the steps back is level 2; shared noise, all twos, adds 4 to both; what is
// mixed falls to 3/8.
static void mixes_what_shared_noise_covers(void)
{
    static const char *const settings[][2] = { { "from", "3" }, { "to", "8" }, { "mix", "0.25" } };
    Host host;
    float data[SIZE] = { -32, 0, 32, 64, 96, 128 }, want[SIZE];

    for (size_t i = 0; i < SIZE; i++)
        want[i] = 0.375F * (0.75F * (data[i] * 9 / 32 + 4) + 0.25F * (1.125F + 4));
    host_init(&host, 1);
    run_example(&host, "latent-mix.lua", settings, G_N_ELEMENTS(settings), data);
    assert_near(data, want, SIZE);
    g_assert_cmpstr(host.said->str, ==,
                    "noise 0.1;denoise 4 class 3;denoise 4 class 8;denoise 2 class 3;"
                    "denoise 2 class 8;denoise 1 class 3;denoise 1 class 8;noise 0.2;"
                    "denoise 2;step 1;denoise 1;step 2;");
    host_clear(&host);
}

// Noise of their own adds 4 to the first and 6 to the second, all 57/8 then. The
// first, 3 and -3, is at right angles to it: a third of that is 30 degrees.
static void turns_from_one_to_the_other_under_noise_of_their_own(void)
{
    static const char *const settings[][2] = { { "noise", "own" }, { "mix", "0.333333333333" } };
    Host host;
    float data[SIZE], want[SIZE];

    for (size_t i = 0; i < SIZE; i++) {
        const float covered = i % 2 == 0 ? 3 : -3;
        data[i] = (covered - 4) * 32 / 9;
        want[i] = 0.375F * (sqrtf(0.75F) * covered + 0.5F * 7.125F);
    }
    host_init(&host, 1);
    run_example(&host, "latent-mix.lua", settings, G_N_ELEMENTS(settings), data);
    assert_near(data, want, SIZE);
    host_clear(&host);
}

// The levels are 4, 2 and 1; the interval has its upper end and not its lower.
static void guides_within_the_interval_alone(void)
{
    static const char *const settings[][2] = { { "low", "1" }, { "high", "2" } };
    Host host;
    float data[SIZE] = { 0 };

    host_init(&host, 1);
    host.guidance = 3;
    run_example(&host, "guidance-interval.lua", settings, G_N_ELEMENTS(settings), data);
    g_assert_cmpstr(host.said->str, ==,
                    "denoise 4 guidance 1;step 0 x0;denoise 2 guidance 3;step 1 x0;"
                    "denoise 1 guidance 1;step 2 x0;");
    host_clear(&host);
}

// ---- with the digits --------------------------------------------------------

enum { STEPS = 10 };

static SfmRunnerClass counting_class;
static const SfmRunnerClass *own_class;
static int num_runs;

static bool count_run(SfmRunner *runner, SfmProgram *program, SfmBuffer *const out[],
                      SfmBuffer *const in[], const SfmRunOptions *options, GError **error)
{
    num_runs++;
    return own_class->program_run(runner, program, out, in, options, error);
}

// An engine that counts what its network runs.
static SfmEngine *open_engine(void)
{
    g_autofree char *data_dir = g_test_build_filename(G_TEST_DIST, "..", NULL);
    g_autoptr(GError) error = NULL;
    SfmEngine *engine =
        sfm_engine_new(&(SfmEngineParams){ .data_dir = data_dir, .validate = true }, &error);

    g_assert_no_error(error);
    keep_drivers();
    own_class = engine->runner->class;
    counting_class = *own_class;
    counting_class.program_run = count_run;
    engine->runner->class = &counting_class;
    num_runs = 0;
    return engine;
}

// Settings end with NULL.
static SfmImage make(SfmEngine *engine, const char *example, const char *const settings[])
{
    g_autofree char *path = example_path(example);
    g_autoptr(GError) error = NULL;
    SfmImage image = { 0 };
    const SfmJobParams params = {
        .model = "digits",
        .sampler = path,
        .class_name = g_str_has_prefix(example, "guidance") ? "7" : NULL,
        .guidance = 3,
        .num_steps = STEPS,
        .seed = 4,
        .settings = settings,
    };
    sfm_engine_run(engine, &params, &image, &error);
    g_assert_no_error(error);
    return image;
}

static double distance(const SfmImage *a, const SfmImage *b)
{
    double sum = 0;
    for (int i = 0; i < a->width * a->height * a->channels; i++)
        sum += pow((double)a->pixels[i] - b->pixels[i], 2);
    return sqrt(sum);
}

// Of the levels that leading spacing visits.
static int num_levels_between(const SfmNoiseTable *table, double low, double high)
{
    int num = 0;
    for (size_t i = 0; i < STEPS; i++) {
        const double sigma = table->sigma[i * (table->num / STEPS)];
        num += sigma > low && sigma <= high;
    }
    return num;
}

static void an_unguided_step_runs_the_network_once(void)
{
    g_autoptr(SfmEngine) engine = open_engine();

    g_auto(SfmImage) never =
        make(engine, "guidance-interval.lua", (const char *[]){ "high=0", NULL });
    g_assert_cmpint(num_runs, ==, STEPS);
    num_runs = 0;
    g_auto(SfmImage) some =
        make(engine, "guidance-interval.lua", (const char *[]){ "low=0.3", "high=5", NULL });
    const int num = num_levels_between(sfm_network_table(engine->network), 0.3, 5);
    g_assert_cmpint(num, >, 0);
    g_assert_cmpint(num, <, STEPS);
    g_assert_cmpint(num_runs, ==, STEPS + num);
    num_runs = 0;
    g_auto(SfmImage) always =
        make(engine, "guidance-interval.lua", (const char *[]){ "low=0", "high=1000", NULL });
    g_assert_cmpint(num_runs, ==, 2 * STEPS);
    g_assert_cmpfloat(distance(&some, &never), >, 0.1);
    g_assert_cmpfloat(distance(&some, &always), >, 0.1);
}

static SfmImage mix(SfmEngine *engine, const char *noise, const char *share, const char *to)
{
    return make(engine, "latent-mix.lua", (const char *[]){ "from=3", to, noise, share, NULL });
}

static void a_mix_leads_from_one_picture_to_the_other(gconstpointer noise)
{
    g_autoptr(SfmEngine) engine = open_engine();
    g_auto(SfmImage) first = mix(engine, noise, "mix=0", "to=8");
    g_auto(SfmImage) same = mix(engine, noise, "mix=0", "to=5"); // none of the second
    g_auto(SfmImage) between = mix(engine, noise, "mix=0.5", "to=8");
    g_auto(SfmImage) second = mix(engine, noise, "mix=1", "to=8");
    const double whole = distance(&first, &second);

    g_test_message("%g of %g and %g", whole, distance(&first, &between),
                   distance(&between, &second));
    g_assert_cmpfloat(distance(&first, &same), ==, 0);
    g_assert_cmpfloat(distance(&first, &between), >, 0.1 * whole);
    g_assert_cmpfloat(distance(&first, &between), <, 0.9 * whole);
    g_assert_cmpfloat(distance(&between, &second), >, 0.1 * whole);
    g_assert_cmpfloat(distance(&between, &second), <, 0.9 * whole);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/examples/" #name, name)
    TEST(mixes_what_shared_noise_covers);
    TEST(turns_from_one_to_the_other_under_noise_of_their_own);
    TEST(guides_within_the_interval_alone);
    TEST(an_unguided_step_runs_the_network_once);
    g_test_add_data_func("/examples/a_mix_leads_from_one_picture_to_the_other/shared",
                         "noise=shared", a_mix_leads_from_one_picture_to_the_other);
    g_test_add_data_func("/examples/a_mix_leads_from_one_picture_to_the_other/own", "noise=own",
                         a_mix_leads_from_one_picture_to_the_other);
    return g_test_run();
}
