// SPDX-License-Identifier: GPL-3.0-or-later
//
// Pictures larger than the network is run at, than a kernel reaches, and than
// there is memory for.

#include "job_device.h"

#include <math.h>
#include <string.h>

#include "job/engine.h"
#include "job/tiles.h"

enum { WIDE = 160, HIGH = 152, PIXELS = WIDE * HIGH };

// A device whose kernels reach so many elements; 0: as it is.
static void run_within(uint32_t reach, const SfmJobParams *params, SfmImage *image)
{
    g_autoptr(SfmEngine) engine = open_on(NULL);
    SfmTarget *target = (SfmTarget *)engine->runner->target;
    g_autoptr(GError) error = NULL;

    if (reach > 0)
        target->max_block = reach * sizeof(float);
    sfm_engine_run(engine, params, image, &error);
    g_assert_no_error(error);
}

// ---- beyond a kernel's reach ------------------------------------------------

// The reach, a multiple of 16, holds the tensors of a tile, not x.
static void a_picture_beyond_the_reach_has_the_same_bits(const SfmJobParams *params)
{
    g_auto(SfmImage) whole = { 0 }, parts = { 0 };

    run_within(0, params, &whole);
    run_within(70016, params, &parts);
    g_assert_cmpint(parts.width * parts.height, ==, PIXELS);
    g_assert_cmpmem(whole.pixels, PIXELS * 3 * sizeof(float), parts.pixels,
                    PIXELS * 3 * sizeof(float));
}

static void denoises_beyond_the_reach(void)
{
    const char *const settings[] = { "sigma=40", "tile=16", NULL };
    g_autofree float *picture = g_new(float, PIXELS * 3);
    const SfmJobParams params = {
        .job = SFM_JOB_DENOISE,
        .model = model_path,
        .inputs = { { WIDE, HIGH, 3, picture } },
        .num_steps = 1,
        .settings = settings,
    };
    fill(picture, WIDE, HIGH, 3);
    a_picture_beyond_the_reach_has_the_same_bits(&params);
}

// ddpm draws noise at every step.
static void generates_beyond_the_reach(void)
{
    const char *const settings[] = { "tile=16", NULL };
    const SfmJobParams params = {
        .model = model_path,
        .sampler = "ddpm",
        .width = WIDE,
        .height = HIGH,
        .num_steps = 2,
        .seed = 3,
        .settings = settings,
    };
    a_picture_beyond_the_reach_has_the_same_bits(&params);
}

// By inversion, which goes through all that is done to x.
static void interpolates_beyond_the_reach(void)
{
    const char *const settings[] = { "mixing=inversion", "tile=16", NULL };
    g_autofree float *from = g_new(float, PIXELS * 3), *to = g_new0(float, PIXELS * 3);
    const SfmJobParams params = {
        .job = SFM_JOB_INTERPOLATE,
        .model = model_path,
        .inputs = { { WIDE, HIGH, 3, from }, { WIDE, HIGH, 3, to } },
        .num_steps = 2,
        .settings = settings,
    };
    fill(from, WIDE, HIGH, 3);
    a_picture_beyond_the_reach_has_the_same_bits(&params);
}

static void refuses_a_tile_of_which_nothing_is_seen(void)
{
    const char *const settings[] = { "tile=1", NULL };
    const SfmJobParams params = {
        .model = model_path, .width = 64, .height = 64, .num_steps = 1, .settings = settings
    };

    refuses(&params, SFM_ERROR_BAD_ARGUMENT,
            "tile: 1 pixels are too few for generate; take 16 or more, or 0 for what fits best");
}

static void one_tile_is_no_tile(void)
{
    const char *const settings[] = { "tile=32", NULL };
    SfmJobParams params = { .model = model_path, .width = 32, .height = 24, .num_steps = 2 };
    g_auto(SfmImage) whole = { 0 }, tiled = { 0 };

    run(&params, &whole);
    params.settings = settings;
    run(&params, &tiled);
    g_assert_cmpmem(whole.pixels, 32 * 24 * 3 * sizeof(float), tiled.pixels,
                    32 * 24 * 3 * sizeof(float));
}

// ---- round the end ----------------------------------------------------------

static void tiles_of_an_axis_that_wraps_cover_it_evenly(void)
{
    const uint32_t cases[][4] = {
        { 96, 64, 16, 8 }, { 72, 64, 16, 8 }, { 640, 128, 32, 16 }, { 1000, 40, 10, 8 }
    };

    for (size_t k = 0; k < G_N_ELEMENTS(cases); k++) {
        const uint32_t size = cases[k][0], tile = cases[k][1], overlap = cases[k][2];
        g_auto(SfmTiling) t = { 0 };
        g_autofree double *sum = g_new0(double, size);

        sfm_tiling_init(&t, size, tile, overlap, cases[k][3], true);
        for (uint32_t i = 0; i < t.num; i++) {
            const uint32_t next = i + 1 < t.num ? t.start[i + 1] : size;
            g_assert_cmpuint(t.start[i] % cases[k][3], ==, 0);
            g_assert_cmpuint(t.start[i] + tile - next, >=, overlap);
            g_assert_cmpfloat(t.window[i * tile], <, 0.03); // the first too
            for (uint32_t x = 0; x < tile; x++)
                sum[(t.start[i] + x) % size] += (double)t.window[i * tile + x];
        }
        for (uint32_t x = 0; x < size; x++)
            g_assert_cmpfloat_with_epsilon(sum[x], 1.0, 1e-6);
    }
}

// The answers of tiles that wrap, blended: a network that gives its input back
// gives the picture back. Here a run of no steps' worth: a sampler that stays.
static void seamless_tiles_leave_x_where_it_is(void)
{
    const char *const tiled[] = { "tile=16", "seamless=both", NULL };
    const char *const whole[] = { "seamless=both", NULL };
    SfmJobParams params = { .model = model_path, .width = 40, .height = 24, .num_steps = 2 };
    g_auto(SfmImage) a = { 0 }, b = { 0 };

    params.sampler = stay;
    params.settings = tiled;
    run(&params, &a);
    params.settings = whole;
    run(&params, &b);
    g_assert_cmpmem(a.pixels, 40 * 24 * 3 * sizeof(float), b.pixels, 40 * 24 * 3 * sizeof(float));
}

// ---- memory -----------------------------------------------------------------

// A machine with so many bytes.
static void refuses_with(uint64_t memory, const SfmJobParams *params, const char *pattern)
{
    g_autoptr(SfmEngine) engine = open_on("reference");
    g_autoptr(GError) error = NULL;
    SfmImage image = { .width = 123 };

    engine->runner->memory_free = memory;
    g_assert_false(sfm_engine_run(engine, params, &image, &error));
    g_assert_error(error, SFM_ERROR, SFM_ERROR_NO_MEMORY);
    if (!g_pattern_match_simple(pattern, error->message))
        g_error("got \"%s\", wanted \"%s\"", error->message, pattern);
    g_assert_cmpint(image.width, ==, 123);
}

static void names_a_tile_that_fits(void)
{
    const char *const settings[] = { "tile=128", NULL };
    SfmJobParams params = {
        .model = model_path, .width = 200, .height = 200, .num_steps = 1, .settings = settings
    };

    // 13 tensors of 200 * 200 * 3 floats are 6.0 MiB; the rest is the network's.
    refuses_with(10 << 20, &params,
                 "tile: 200x200 in tiles of 128x128 needs * of memory, of 10.0*MiB; tile=* fits");
    params.width = params.height = 16;
    params.settings = NULL;
    refuses_with(1000, &params,
                 "size: 16x16 needs * of memory, of 1000*bytes; a smaller picture is needed");
}

int main(int argc, char **argv)
{
    open_trial(&argc, &argv);

#define TEST(name) g_test_add_func("/job/tiles/" #name, name)
    TEST(denoises_beyond_the_reach);
    TEST(generates_beyond_the_reach);
    TEST(interpolates_beyond_the_reach);
    TEST(refuses_a_tile_of_which_nothing_is_seen);
    TEST(one_tile_is_no_tile);
    TEST(tiles_of_an_axis_that_wraps_cover_it_evenly);
    TEST(seamless_tiles_leave_x_where_it_is);
    TEST(names_a_tile_that_fits);
    return run_trial();
}
