// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/cut_off.h"

#include <math.h>

enum { SIDE = 40, NUM = SIDE * SIDE };

// Half of a normal around 0 is cut off; the mean of the rest is sigma / sqrt(2 pi).
static void the_mean_rises_at_black_and_falls_at_white(void)
{
    const double at_black = 0.1 / sqrt(2.0 * G_PI);

    g_assert_cmpfloat_with_epsilon(sfm_cut_off_mean(0.0, 0.1), at_black, 1e-9);
    g_assert_cmpfloat_with_epsilon(sfm_cut_off_mean(1.0, 0.1), 1.0 - at_black, 1e-9);
    g_assert_cmpfloat_with_epsilon(sfm_cut_off_mean(0.5, 0.1), 0.5, 1e-6);
}

// A picture of one gray, as it was found in another, `part` of which is `end` and
// the rest 1/2. Returns what becomes of a pixel in the middle.
static double mended(double gray, double sigma, double end, double part, int channels)
{
    g_autofree float *given = g_new(float, NUM *channels), *pixels = g_new(float, NUM *channels);
    const SfmPicture picture = { SIDE, SIDE, channels, given };
    SfmImage image = { SIDE, SIDE, channels, pixels, NULL };

    for (int i = 0; i < NUM * channels; i++) {
        given[i] = i / channels % 10 < 10.0 * part ? (float)end : 0.5F;
        pixels[i] = (float)gray;
    }
    g_assert_true(sfm_cut_off_mend(&picture, sigma, &image, NULL, NULL));
    if (channels == 2)
        g_assert_cmpfloat(pixels[NUM + 1], ==, (float)gray); // alpha
    return (double)pixels[(SIDE / 2 * SIDE + SIDE / 2) * channels];
}

static void takes_a_mean_back_to_what_it_was(void)
{
    for (int i = 0; i <= 8; i++) {
        const double was = 0.05 * i, mean = sfm_cut_off_mean(was, 0.2);
        g_assert_cmpfloat_with_epsilon(mended(mean, 0.2, 0.0, 1.0, 1), was, 1e-3);
        g_assert_cmpfloat_with_epsilon(mended(1.0 - mean, 0.2, 1.0, 1.0, 2), 1.0 - was, 1e-3);
    }
}

static void makes_nothing_darker_than_black(void)
{
    g_assert_cmpfloat_with_epsilon(mended(0.01, 0.2, 0.0, 1.0, 1), 0.0, 1e-6);
}

static void spares_what_was_not_cut_off(void)
{
    g_assert_cmpfloat(mended(0.04, 0.1, 0.0, 0.0, 1), ==, 0.04F);
    g_assert_cmpfloat(mended(0.96, 0.1, 1.0, 0.0, 1), ==, 0.96F);
}

// At black half of the pixels are expected at the end. Around the middle one there
// are 2 columns of 15: 4 / 15 of the way are gone.
static void goes_as_far_as_the_pixels_around_bear_out(void)
{
    const double at_black = sfm_cut_off_mean(0.0, 0.1);

    g_assert_cmpfloat_with_epsilon(mended(at_black, 0.1, 0.0, 0.2, 1), at_black * 11.0 / 15.0,
                                   2e-4);
}

// Beyond black nothing is cut off.
static void spares_noise_that_goes_on(void)
{
    g_assert_cmpfloat(mended(0.04, 0.1, -0.05, 1.0, 1), ==, 0.04F);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

#define TEST(name) g_test_add_func("/cut_off/" #name, name)
    TEST(the_mean_rises_at_black_and_falls_at_white);
    TEST(takes_a_mean_back_to_what_it_was);
    TEST(makes_nothing_darker_than_black);
    TEST(spares_what_was_not_cut_off);
    TEST(goes_as_far_as_the_pixels_around_bear_out);
    TEST(spares_noise_that_goes_on);
    return g_test_run();
}
