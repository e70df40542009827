// SPDX-License-Identifier: GPL-3.0-or-later
//
// A job may be cancelled at every look at its flag, and looks often: on the host at least
// once for each row of pixels that a stage goes through.

#include "job_trial.h"

#include <string.h>

#include "base/philox.h"
#include "base/torch_random.h"
#include "cpu/runner.h"
#include "job/engine.h"
#include "job/formula.h"
#include "job/hidden.h"
#include "job/noise_level.h"
#include "job/noise_source.h"

enum { MAX_HIGH = 64 };

static float first_picture[4 * SIDE * MAX_HIGH], second_picture[4 * SIDE * MAX_HIGH];
static float painted[SIDE * MAX_HIGH];

// A job on pictures of so many rows, and in how many stages it looks at each row.
typedef struct {
    SfmJob job;
    int channels; // of the pictures; 0: it has none
    const char *settings[4];
    unsigned stages;
} Trial;

static const Trial trials[] = {
    // planes taken 3
    { SFM_JOB_GENERATE, 0, { "frames=0" }, 3 },
    // checked 1, to x 3, taken 3, dressed 1
    { SFM_JOB_VARY, 3, { "strength=0.5" }, 8 },
    // checked 1, looked through for hidden pixels 1, to x 3, turned 12 and added 6 (two views of
    // three planes), taken 3, dressed 1, mended 6 (two ends of three colours), shared 1, kept 1
    { SFM_JOB_DENOISE, 4, { "sigma=25", "average=2" }, 35 },
    // checked 2, looked through 2, to x 6, multiplied 3, taken 3, dressed 1, alpha mixed 1, kept 1
    { SFM_JOB_INTERPOLATE, 4, { "mixing=spherical" }, 19 },
    // checked 2, looked for white 1, to x 3 and the mask 1, taken 3, dressed 1, painted over 1
    { SFM_JOB_INPAINT, 3, { "rounds=1" }, 12 },
};

// Only the last pixel of the mask is white: to find it takes all rows.
static SfmJobParams params_of(const Trial *t, int height)
{
    SfmJobParams params = request(t->job);
    const bool is_inpaint = t->job == SFM_JOB_INPAINT;

    fill(first_picture, SIDE, height, MAX(t->channels, 1));
    memcpy(second_picture, first_picture, sizeof second_picture);
    memset(painted, 0, sizeof painted);
    painted[SIDE * height - 1] = 1.0F;
    params.inputs[0] = (SfmPicture){ SIDE, height, t->channels, first_picture };
    params.inputs[1] = is_inpaint ? (SfmPicture){ SIDE, height, 1, painted }
                                  : (SfmPicture){ SIDE, height, t->channels, second_picture };
    if (t->channels == 0) {
        params.width = SIDE;
        params.height = height;
    }
    params.sampler = stay;
    params.num_steps = 1;
    params.settings = t->settings;
    return params;
}

static unsigned looks_of(SfmEngine *engine, const Trial *t, int height, SfmImage *image)
{
    const SfmJobParams params = params_of(t, height);
    g_autoptr(GError) error = NULL;

    engine->cancel.looks = 0;
    sfm_engine_run(engine, &params, image, &error);
    g_assert_no_error(error);
    return engine->cancel.looks;
}

static void a_job_looks_at_each_row(void)
{
    g_autoptr(SfmEngine) engine = open_engine();

    for (size_t k = 0; k < G_N_ELEMENTS(trials); k++) {
        g_auto(SfmImage) first = { 0 }, low = { 0 }, high = { 0 };
        looks_of(engine, &trials[k], 2 * SIDE, &first); // hashes; the next loads weights
        const unsigned few = looks_of(engine, &trials[k], SIDE, &low);
        const unsigned many = looks_of(engine, &trials[k], MAX_HIGH, &high);
        g_test_message("%s: %u looks more", sfm_job_info(trials[k].job)->name,
                       (many - few) / (MAX_HIGH - SIDE));
        g_assert_cmpuint(many - few, >=, trials[k].stages * (MAX_HIGH - SIDE));
    }
}

static void cancel_at(SfmEngine *engine, const Trial *t, unsigned look)
{
    const SfmJobParams params = params_of(t, SIDE);
    g_autoptr(GError) error = NULL;
    SfmImage image = { .width = 123 };

    engine->cancel.looks = 0;
    engine->cancel.raise_at = look;
    g_assert_false(sfm_engine_run(engine, &params, &image, &error));
    g_assert_error(error, SFM_ERROR, SFM_ERROR_CANCELLED);
    g_assert_cmpint(image.width, ==, 123); // untouched
    engine->cancel.raise_at = 0;
}

enum { PLACES = 12 }; // where each job is cancelled, first and last look among them

static void a_job_ends_at_any_look_and_runs_again(void)
{
    g_autoptr(SfmEngine) engine = open_engine();

    for (size_t k = 0; k < G_N_ELEMENTS(trials); k++) {
        g_auto(SfmImage) first = { 0 }, before = { 0 }, after = { 0 };
        looks_of(engine, &trials[k], SIDE, &first); // loads what the others have
        const unsigned num = looks_of(engine, &trials[k], SIDE, &before);
        for (unsigned i = 0; i < PLACES; i++)
            cancel_at(engine, &trials[k], 1 + (num - 1) * i / (PLACES - 1));
        looks_of(engine, &trials[k], SIDE, &after);
        g_assert_cmpmem(after.pixels, sizeof(float) * SIDE * SIDE * (size_t)after.channels,
                        before.pixels, sizeof(float) * SIDE * SIDE * (size_t)before.channels);
    }
}

// ---- stages by themselves ---------------------------------------------------

static unsigned looks_at_noise(const float *pixels, int width, int height)
{
    const SfmPicture picture = { width, height, 1, pixels };
    SfmCancel cancel = { 0 };
    double sigma;

    g_assert_true(sfm_noise_level(&picture, &sigma, &cancel, NULL));
    return cancel.looks;
}

// 32 rows more are copied, halved to 16, and hold two more rows of blocks, and
// one of those at half size.
static void the_noise_is_estimated_row_by_row(void)
{
    enum { WIDE = 320, LOW = 288, HIGH = LOW + 32 };
    g_autofree float *pixels = g_new(float, WIDE *HIGH);
    const SfmPicture picture = { WIDE, HIGH, 1, pixels };

    for (int i = 0; i < WIDE * HIGH; i++)
        pixels[i] = 0.5F + 0.01F * (float)(i * 7919 % 101) / 101.0F;
    const unsigned few = looks_at_noise(pixels, WIDE, LOW);
    const unsigned many = looks_at_noise(pixels, WIDE, HIGH);
    g_assert_cmpuint(many - few, >=, 32 + 16 + 2 + 1);
    for (unsigned look = 1; look <= many; look += many / 10) {
        SfmCancel cancel = { .raise_at = look };
        g_autoptr(GError) error = NULL;
        double sigma;
        g_assert_false(sfm_noise_level(&picture, &sigma, &cancel, &error));
        g_assert_error(error, SFM_ERROR, SFM_ERROR_CANCELLED);
    }
}

// Four times 65536 numbers, which are drawn and then turned into normals.
static void torchs_noise_is_drawn_in_pieces(void)
{
    enum { NUM = 4 << 16 };
    g_autofree float *normals = g_new(float, NUM);
    SfmTorchRandom random;

    for (unsigned look = 1; look <= 8; look++) {
        SfmCancel cancel = { .raise_at = look };
        sfm_torch_random_init(&random, 1);
        g_assert_false(sfm_torch_random_normal(&random, normals, NUM, &cancel, NULL));
    }
}

// ---- small parts of large tensors -------------------------------------------

// Two small parts, and five elements.
enum { PARTS = 3, MANY = 2 * SFM_SMALL_PART + 5 };

static void normals_are_drawn_in_parts(void)
{
    SfmRunner *cpu = sfm_cpu_runner_new();
    SfmBuffer *out = sfm_buffer_new(cpu, SFM_SHAPE(1, 1, 1, MANY), NULL);
    g_autofree float *got = g_new(float, MANY), *want = g_new(float, MANY);
    SfmCancel cancel = { 0 };
    g_autoptr(SfmNoiseSource) source = sfm_noise_philox_new(cpu, 7, &cancel);

    g_assert_true(source->draw(source, 0, 2, 1, out, NULL));
    g_assert_cmpuint(cancel.looks, ==, PARTS);
    g_assert_true(sfm_buffer_read(cpu, out, got, NULL));
    sfm_philox_normals((SfmNoiseKey){ .seed = 7, .step = 2, .stream = 1 }, want, MANY);
    g_assert_cmpmem(got, MANY * sizeof(float), want, MANY * sizeof(float));

    cancel = (SfmCancel){ .raise_at = PARTS };
    g_assert_false(source->draw(source, 0, 2, 1, out, NULL));
    sfm_buffer_free(cpu, out);
    sfm_runner_free(cpu);
}

static void formulas_are_worked_out_in_parts(void)
{
    SfmRunner *cpu = sfm_cpu_runner_new();
    SfmBuffer *x = sfm_buffer_new(cpu, SFM_SHAPE(1, 1, 1, MANY), NULL);
    g_autofree float *values = g_new(float, MANY);
    SfmCancel cancel = { 0 };

    for (int i = 0; i < MANY; i++)
        values[i] = (float)(i % 1000);
    g_assert_true(sfm_buffer_write(cpu, x, values, NULL));
    cpu->cancel = &cancel;
    g_assert_true(sfm_formula_scale(cpu, x, 2.0, x, NULL));
    g_assert_cmpuint(cancel.looks, ==, PARTS);
    g_assert_true(sfm_buffer_read(cpu, x, values, NULL));
    for (int i = 0; i < MANY; i++)
        g_assert_cmpfloat(values[i], ==, (float)(2 * (i % 1000)));

    cancel = (SfmCancel){ .raise_at = PARTS };
    g_assert_false(sfm_formula_scale(cpu, x, 2.0, x, NULL));
    sfm_buffer_free(cpu, x);
    sfm_runner_free(cpu);
}

// ---- hidden colours ---------------------------------------------------------

// Half of the picture is hidden: each of 64 rows is looked through, gathered into 32, 16, ...
// and filled again from them.
static void hidden_colours_are_filled_row_by_row(void)
{
    float *filled = NULL;
    SfmCancel cancel = { 0 };

    fill(first_picture, SIDE, MAX_HIGH, 4);
    for (int i = 0; i < SIDE * MAX_HIGH / 2; i++)
        first_picture[4 * i + 3] = 0.0F;
    const SfmPicture picture = { SIDE, MAX_HIGH, 4, first_picture };
    g_assert_true(sfm_hidden_fill(&picture, &filled, &cancel, NULL));
    g_free(filled);
    g_assert_cmpuint(cancel.looks, >=, 64 + (32 + 16 + 8 + 4 + 2 + 1) + (64 + 32 + 16 + 8 + 4 + 2));
    for (unsigned look = 1; look <= cancel.looks; look += 9) {
        SfmCancel mine = { .raise_at = look };
        g_assert_false(sfm_hidden_fill(&picture, &filled, &mine, NULL));
        g_assert_null(filled);
    }
}

int main(int argc, char **argv)
{
    open_trial(&argc, &argv);
#define TEST(name) g_test_add_func("/job_cancel/" #name, name)
    TEST(a_job_looks_at_each_row);
    TEST(a_job_ends_at_any_look_and_runs_again);
    TEST(the_noise_is_estimated_row_by_row);
    TEST(torchs_noise_is_drawn_in_pieces);
    TEST(normals_are_drawn_in_parts);
    TEST(formulas_are_worked_out_in_parts);
    TEST(hidden_colours_are_filled_row_by_row);
    return run_trial();
}
