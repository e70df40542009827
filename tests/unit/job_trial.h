// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_TESTS_UNIT_JOB_TRIAL_H
#define SFM_TESTS_UNIT_JOB_TRIAL_H

// Jobs that start from a picture, on the reference device, with a small
// published model of 16x16 pixels. Where a number is expected, the sampler is a
// script that leaves x as it is: then it follows from the definition.

#include <sfumato/engine.h>

#include <glib/gstdio.h>

#include "file/config.h"
#include "job/noise_table.h"

enum { SIDE = 16, COUNT = SIDE * SIDE * 3 };

static char *model_path, *data_dir, *folder;
static char *stay; // a sampler that leaves x where it starts

static inline SfmEngine *open_engine(void)
{
    const SfmEngineParams params = { .device = "reference", .data_dir = data_dir };
    g_autoptr(GError) error = NULL;
    SfmEngine *engine = sfm_engine_new(&params, &error);

    g_assert_no_error(error);
    return engine;
}

static inline void run(const SfmJobParams *params, SfmImage *images)
{
    g_autoptr(SfmEngine) engine = open_engine();
    g_autoptr(GError) error = NULL;

    sfm_engine_run(engine, params, images, &error);
    g_assert_no_error(error);
}

static inline void refuses(const SfmJobParams *params, SfmError code, const char *pattern)
{
    g_autoptr(SfmEngine) engine = open_engine();
    g_autoptr(GError) error = NULL;
    SfmImage image = { .width = 123 };

    g_assert_false(sfm_engine_run(engine, params, &image, &error));
    g_assert_error(error, SFM_ERROR, (int)code);
    if (!g_pattern_match_simple(pattern, error->message))
        g_error("got \"%s\", wanted \"%s\"", error->message, pattern);
    g_assert_cmpint(image.width, ==, 123); // untouched
}

// A slope in each channel, of its own, and nothing near black or white.
static inline void fill(float *pixels, int width, int height, int channels)
{
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            for (int c = 0; c < channels; c++)
                *pixels++ = 0.4F + 0.1F * (float)x / (float)width +
                            0.1F * (float)(y * (c + 1) % height) / (float)height;
}

static float slope[COUNT];

static inline SfmJobParams request(SfmJob job)
{
    fill(slope, SIDE, SIDE, 3);
    return (SfmJobParams){
        .job = job,
        .inputs = { { SIDE, SIDE, 3, slope } },
        .model = model_path,
        .schedule = "linear",
        .num_steps = 2,
        .seed = 5,
    };
}

static inline char *write_sampler(const char *name, const char *body)
{
    char *path = g_build_filename(folder, name, NULL);
    g_autofree char *text = g_strdup_printf("return diffusion.sampler { api = 1, name = 'test', "
                                            "title = 'Test', step = function(ctx, x, x0, eps, a, "
                                            "b) %s end }",
                                            body);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    return path;
}

static inline void clear_three(SfmImage *images)
{
    for (int i = 0; i < 3; i++)
        sfm_image_clear(&images[i]);
}

static inline void init_table(SfmNoiseTable *table)
{
    const SfmSchedulerConfig config = {
        .betas = SFM_BETAS_LINEAR,
        .num_train_timesteps = 1000,
        .beta_start = 1e-4,
        .beta_end = 0.02,
    };
    g_assert_true(sfm_noise_table_init(table, &config, NULL));
}

// Between these two lie the tests of a file.
static inline void open_trial(int *argc, char ***argv)
{
    g_test_init(argc, argv, NULL);
    model_path = g_test_build_filename(G_TEST_DIST, "fixtures", "pipeline", "model", NULL);
    data_dir = g_test_build_filename(G_TEST_DIST, "..", NULL);
    folder = g_dir_make_tmp("sfumato-XXXXXX", NULL);
    stay = write_sampler("stay.lua", "return x");
}

static inline int run_trial(void)
{
    const int result = g_test_run();
    char *const owned[] = { stay, folder, model_path, data_dir };

    g_unlink(stay);
    g_rmdir(folder);
    for (size_t i = 0; i < G_N_ELEMENTS(owned); i++)
        g_free(owned[i]);
    return result;
}

#endif
