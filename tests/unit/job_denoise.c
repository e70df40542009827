// SPDX-License-Identifier: GPL-3.0-or-later
#include "job_trial.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/philox.h"
#include "job/noise_level.h"
#include "job/noise_source.h"
#include "job/tiles.h"

// ---- denoise --------------------------------------------------------------

// Gray 1/2 and unit normals times sigma of 255.
static void fill_noise(float *pixels, int count, double sigma, uint32_t image)
{
    const SfmNoiseKey key = { .seed = 1, .image = image };

    sfm_philox_normals(key, pixels, (size_t)count);
    for (int i = 0; i < count; i++)
        pixels[i] = 0.5F + pixels[i] * (float)(sigma / 255.0);
}

static void estimates_the_noise_that_was_put_in(void)
{
    const double sigmas[] = { 1.0, 15.0, 50.0 };

    for (size_t k = 0; k < G_N_ELEMENTS(sigmas); k++) {
        for (int channels = 1; channels <= 4; channels++) {
            g_autofree float *pixels = g_new(float, 96 * 80 * channels);
            const SfmPicture picture = { 96, 80, channels, pixels };
            double sigma = 0.0;
            fill_noise(pixels, 96 * 80 * channels, sigmas[k], (uint32_t)channels);
            for (int i = 0; i < 96 * 80 * channels; i++) // a slope, which is no noise
                pixels[i] += 0.2F * (float)(i / channels % 96) / 96.0F;
            g_assert_true(sfm_noise_level(&picture, &sigma, NULL, NULL));
            g_assert_cmpfloat(fabs(255.0 * sigma / sigmas[k] - 1.0), <, 0.07); // 1900 of them
        }
    }
}

enum { WIDE = 320, HIGH = 288 };

// White noise of a deviation of 255 around a gray, as a file would have it.
static void fill_file(float *pixels, double sigma, double gray)
{
    const SfmNoiseKey key = { .seed = 3 };

    sfm_philox_normals(key, pixels, WIDE * HIGH);
    for (int i = 0; i < WIDE * HIGH; i++)
        pixels[i] = (float)CLAMP(gray + (double)pixels[i] * sigma / 255.0, 0.0, 1.0);
}

static double estimate(const float *pixels)
{
    const SfmPicture picture = { WIDE, HIGH, 1, pixels };
    double sigma = 0.0;

    g_assert_true(sfm_noise_level(&picture, &sigma, NULL, NULL));
    return 255.0 * sigma;
}

// A tenth of 18 x 17 blocks, each of 64 coefficients: a few percent.
static void estimates_white_noise_of_a_larger_picture(void)
{
    g_autofree float *pixels = g_new(float, WIDE *HIGH);
    const double sigmas[] = { 2.0, 15.0, 40.0 };

    for (size_t k = 0; k < G_N_ELEMENTS(sigmas); k++) {
        fill_file(pixels, sigmas[k], 0.5);
        g_assert_cmpfloat(fabs(estimate(pixels) / sigmas[k] - 1.0), <, 0.07);
    }
}

// Half of the picture is a checkerboard, which is as fine as noise.
static void does_not_take_texture_for_noise(void)
{
    g_autofree float *pixels = g_new(float, WIDE *HIGH);

    fill_file(pixels, 10.0, 0.5);
    for (int y = 0; y < HIGH; y++)
        for (int x = 0; x < WIDE / 2; x++)
            pixels[y * WIDE + x] += (x + y) % 2 ? 0.2F : -0.2F;
    g_assert_cmpfloat(fabs(estimate(pixels) / 10.0 - 1.0), <, 0.1);
}

// Half of it is black, and has half of its noise.
static void leaves_out_where_noise_is_cut_off(void)
{
    g_autofree float *pixels = g_new(float, WIDE *HIGH), *black = g_new(float, WIDE *HIGH);

    fill_file(pixels, 50.0, 0.5);
    fill_file(black, 50.0, 0.0);
    memcpy(pixels, black, sizeof *pixels * WIDE * HIGH / 2);
    g_assert_cmpfloat(fabs(estimate(pixels) / 50.0 - 1.0), <, 0.07);
}

// Means of 2x2 white pixels of 30: a deviation of 15, of which the finest scale
// has an eighth of the variance.
static void finds_noise_that_is_not_white(void)
{
    g_autofree float *white = g_new(float, WIDE *HIGH), *pixels = g_new(float, WIDE *HIGH);

    fill_file(white, 30.0, 0.5);
    for (int y = 0; y < HIGH; y++)
        for (int x = 0; x < WIDE; x++) {
            const int right = (x + 1) % WIDE, below = (y + 1) % HIGH;
            pixels[y * WIDE + x] = (white[y * WIDE + x] + white[y * WIDE + right] +
                                    white[below * WIDE + x] + white[below * WIDE + right]) /
                                   4.0F;
        }
    g_assert_cmpfloat(estimate(pixels), >, 15.0);
    g_assert_cmpfloat(estimate(pixels), <, 2.5 * 15.0);
}

static void refuses_to_estimate_from_a_few_pixels(void)
{
    SfmJobParams params = request(SFM_JOB_DENOISE);

    params.inputs[0].width = 7;
    refuses(&params, SFM_ERROR_BAD_ARGUMENT, "sigma: 7x16 pixels are too few *; say it");
}

// Nothing is added: a sampler that stays where it is gives the picture back.
static void denoise_begins_at_the_picture_itself(void)
{
    const char *const settings[] = { "sigma=25", NULL };
    SfmJobParams params = request(SFM_JOB_DENOISE);
    g_auto(SfmImage) image = { 0 };

    params.sampler = stay;
    params.settings = settings;
    run(&params, &image);
    for (int i = 0; i < COUNT; i++)
        g_assert_cmpfloat_with_epsilon(image.pixels[i], slope[i], 1e-6);
}

static void denoise_takes_one_step_unless_told(void)
{
    const char *const settings[] = { "sigma=25", NULL };
    SfmJobParams params = request(SFM_JOB_DENOISE);
    g_auto(SfmImage) image = { 0 };

    params.num_steps = 0;
    params.settings = settings;
    run(&params, &image);
    g_assert_nonnull(strstr(image.recipe, "\"steps\": 1,"));
}

static double luma(const float *rgb)
{
    return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
}

static void denoise_keeps_the_share_that_was_asked_for(void)
{
    const char *const all[] = { "sigma=40", NULL };
    const char *const half[] = { "sigma=40", "strength=0.5", NULL };
    const char *const colour[] = { "sigma=40", "luminance=0", NULL };
    SfmJobParams params = request(SFM_JOB_DENOISE);
    g_auto(SfmImage) whole = { 0 }, halved = { 0 }, coloured = { 0 };

    params.settings = all;
    run(&params, &whole);
    params.settings = half;
    run(&params, &halved);
    params.settings = colour;
    run(&params, &coloured);
    for (int i = 0; i < COUNT; i++)
        g_assert_cmpfloat_with_epsilon(halved.pixels[i], (whole.pixels[i] + slope[i]) / 2.0F, 1e-5);
    for (int i = 0; i < COUNT; i += 3)
        g_assert_cmpfloat_with_epsilon(luma(coloured.pixels + i), luma(slope + i), 1e-5);
    g_assert_cmpint(memcmp(coloured.pixels, slope, sizeof slope), !=, 0);
}

// The same picture upside down and from left to right comes out just so.
static void an_average_of_mirror_images_knows_no_direction(void)
{
    const char *const settings[] = { "sigma=40", "average=4", NULL };
    SfmJobParams params = request(SFM_JOB_DENOISE);
    g_auto(SfmImage) image = { 0 }, other = { 0 };
    float turned[COUNT];

    for (int i = 0; i < COUNT; i++)
        turned[i] = slope[(SIDE * SIDE - 1 - i / 3) * 3 + i % 3];
    params.settings = settings;
    params.num_steps = 1;
    run(&params, &image);
    params.inputs[0].pixels = turned;
    run(&params, &other);
    for (int i = 0; i < COUNT; i++)
        g_assert_cmpfloat_with_epsilon(other.pixels[i],
                                       image.pixels[(SIDE * SIDE - 1 - i / 3) * 3 + i % 3], 1e-5);
}

// ---- tiles ----------------------------------------------------------------

static void windows_of_tiles_sum_to_one_and_begin_smoothly(void)
{
    const uint32_t cases[][4] = { { 64, 64, 16, 8 },
                                  { 72, 64, 16, 8 },
                                  { 640, 128, 32, 16 },
                                  { 1000, 40, 10, 8 },
                                  { 264, 256, 32, 8 } };

    for (size_t k = 0; k < G_N_ELEMENTS(cases); k++) {
        const uint32_t size = cases[k][0], tile = cases[k][1], multiple = cases[k][3];
        g_auto(SfmTiling) t = { 0 };
        g_autofree double *sum = g_new0(double, size);
        sfm_tiling_init(&t, size, tile, cases[k][2], multiple, false);
        g_assert_cmpuint(t.start[0], ==, 0);
        g_assert_cmpuint(t.start[t.num - 1] + tile, ==, size);
        for (uint32_t i = 0; i < t.num; i++) {
            g_assert_cmpuint(t.start[i] % multiple, ==, 0);
            if (i > 0) {
                g_assert_cmpuint(t.start[i - 1] + tile - t.start[i], >=, cases[k][2]);
                g_assert_cmpfloat(t.window[i * tile], <, 0.03);
            }
            for (uint32_t x = 0; x < tile; x++)
                sum[t.start[i] + x] += (double)t.window[i * tile + x];
        }
        for (uint32_t x = 0; x < size; x++)
            g_assert_cmpfloat_with_epsilon(sum[x], 1.0, 1e-6);
    }
}

// In one step with two tiles: what lies in neither's neighbour is what the tile
// alone gives, wherever it ran.
static void a_tile_counts_alone_where_no_other_lies(void)
{
    const char *const settings[] = { "sigma=40", "tile=16", NULL };
    g_autofree float *wide = g_new(float, 28 * 16 * 3);
    SfmJobParams params = request(SFM_JOB_DENOISE);
    g_auto(SfmImage) tiled = { 0 }, alone = { 0 };

    fill(wide, 28, 16, 3);
    float left[COUNT];
    for (int i = 0; i < COUNT; i++)
        left[i] = wide[i / 48 * 28 * 3 + i % 48];
    params.settings = settings;
    params.num_steps = 1;
    params.inputs[0] = (SfmPicture){ 28, 16, 3, wide };
    run(&params, &tiled);
    params.inputs[0] = (SfmPicture){ 16, 16, 3, left };
    run(&params, &alone);
    for (int y = 0; y < 16; y++)
        for (int i = 0; i < 12 * 3; i++) // the second tile begins at 12
            g_assert_cmpfloat_with_epsilon(tiled.pixels[y * 28 * 3 + i], alone.pixels[y * 48 + i],
                                           2e-5);
}

int main(int argc, char **argv)
{
    open_trial(&argc, &argv);

#define TEST(name) g_test_add_func("/job/denoise/" #name, name)
    TEST(estimates_the_noise_that_was_put_in);
    TEST(estimates_white_noise_of_a_larger_picture);
    TEST(does_not_take_texture_for_noise);
    TEST(leaves_out_where_noise_is_cut_off);
    TEST(finds_noise_that_is_not_white);
    TEST(refuses_to_estimate_from_a_few_pixels);
    TEST(denoise_begins_at_the_picture_itself);
    TEST(denoise_takes_one_step_unless_told);
    TEST(denoise_keeps_the_share_that_was_asked_for);
    TEST(an_average_of_mirror_images_knows_no_direction);
    TEST(windows_of_tiles_sum_to_one_and_begin_smoothly);
    TEST(a_tile_counts_alone_where_no_other_lies);
    return run_trial();
}
