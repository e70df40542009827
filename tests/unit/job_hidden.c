// SPDX-License-Identifier: GPL-3.0-or-later
//
// Pictures with alpha: what nobody sees, and what is painted.
#include "job_trial.h"

#include <math.h>
#include <string.h>

#include "job/hidden.h"
#include "job/noise_level.h"

// ---- filling ----------------------------------------------------------------

// A row of gray and alpha.
static float *fill_row(const float *pixels, int width)
{
    const SfmPicture picture = { width, 1, 2, pixels };
    float *filled;
    g_assert_true(sfm_hidden_fill(&picture, &filled, NULL, NULL));
    return filled;
}

// Pulled: (0.2 + nothing) -> 0.2, (nothing + 0.6) -> 0.6. Pushed: pixel 1 is a quarter
// of the way from 0.2 to 0.6, pixel 2 three quarters.
static void fills_holes_between_what_is_around(void)
{
    const float row[] = { 0.2F, 1, 9, 0, 7, 0, 0.6F, 1 };
    g_autofree float *filled = fill_row(row, 4);
    g_assert_nonnull(filled);
    g_assert_cmpfloat(filled[0], ==, 0.2F);
    g_assert_cmpfloat_with_epsilon(filled[2], 0.3, 1e-6);
    g_assert_cmpfloat_with_epsilon(filled[4], 0.5, 1e-6);
    g_assert_cmpfloat(filled[6], ==, 0.6F);
}

// One seen pixel of weight 1, one of 1/4: (0.2 + 0.7 / 4) / 1.25 = 0.3 for what lies
// beyond both, in an edge that is no power of two.
static void weighs_by_alpha(void)
{
    const float row[] = { 0.2F, 1, 0.7F, 0.25F, 0, 0, 0, 0, 0, 0 };
    g_autofree float *filled = fill_row(row, 5);
    for (int i = 4; i < 10; i += 2)
        g_assert_cmpfloat_with_epsilon(filled[i], 0.3, 1e-6);
    g_assert_cmpfloat(filled[2], ==, 0.7F);
}

static void leaves_alone_what_has_no_holes_or_nothing_else(void)
{
    const float whole[] = { 0.2F, 1, 0.7F, 0.01F }, none[] = { 0.2F, 0, 0.7F, 0 };
    g_assert_null(fill_row(whole, 2));
    g_assert_null(fill_row(none, 2));
}

// ---- jobs -------------------------------------------------------------------

static float clear[SIDE * SIDE * 4];

// The slope, with a hole of 6x6 whose hidden colours are `hidden`, and a rim that is
// half transparent.
static SfmJobParams with_alpha(SfmJob job, float hidden)
{
    SfmJobParams params = request(job);

    for (int i = 0; i < SIDE * SIDE; i++) {
        const int far = MAX(abs(2 * (i % SIDE) - 15), abs(2 * (i / SIDE) - 15)) / 2;
        for (int c = 0; c < 3; c++)
            clear[4 * i + c] = far < 3 ? hidden : slope[3 * i + c];
        clear[4 * i + 3] = far < 3 ? 0.0F : far == 3 ? 0.5F : 1.0F;
    }
    params.inputs[0] = params.inputs[1] = (SfmPicture){ SIDE, SIDE, 4, clear };
    return params;
}

// Black or white, nothing that is seen depends on it, and it comes out as it was.
static void hidden_colours_are_neither_seen_nor_lost(void)
{
    const SfmJob jobs[] = { SFM_JOB_VARY, SFM_JOB_DENOISE, SFM_JOB_INTERPOLATE };
    const char *const settings[] = { "job.sigma=20", NULL };

    for (size_t k = 0; k < G_N_ELEMENTS(jobs); k++) {
        g_auto(SfmImage) black = { 0 }, white = { 0 };
        SfmJobParams params = with_alpha(jobs[k], 0.0F);
        params.settings = jobs[k] == SFM_JOB_DENOISE ? settings : NULL;
        run(&params, &black);
        params = with_alpha(jobs[k], 1.0F);
        params.settings = jobs[k] == SFM_JOB_DENOISE ? settings : NULL;
        run(&params, &white);
        for (size_t i = 0; i < SIDE * SIDE; i++) {
            const float *b = black.pixels + 4 * i, *w = white.pixels + 4 * i;
            g_assert_cmpfloat(b[3], ==, clear[4 * i + 3]);
            g_assert_cmpfloat(b[0], ==, b[3] > 0.0F ? w[0] : 0.0F);
            g_assert_cmpfloat(w[0], ==, b[3] > 0.0F ? b[0] : 1.0F);
        }
    }
}

// The hole is flat, and so is its fill; noise is elsewhere.
static void noise_is_estimated_where_it_is_seen(void)
{
    static float pixels[64 * 64 * 2], opaque[64 * 64];
    const SfmPicture with = { 64, 64, 2, pixels }, without = { 64, 64, 1, opaque };
    g_autoptr(GRand) rand = g_rand_new_with_seed(3);
    double level, whole;

    for (int i = 0; i < 64 * 64; i++) {
        opaque[i] = 0.5F + 0.1F * (float)g_rand_double_range(rand, -1, 1);
        pixels[2 * i + 1] = i < 48 * 64 ? 0.0F : 1.0F;
        pixels[2 * i] = i < 48 * 64 ? 0.0F : opaque[i];
    }
    g_assert_true(sfm_noise_level(&with, &level, NULL, NULL));
    g_assert_true(sfm_noise_level(&without, &whole, NULL, NULL));
    g_assert_cmpfloat_with_epsilon(level, whole, 0.2 * whole);
    memset(pixels, 0, sizeof pixels);
    g_autoptr(GError) error = NULL;
    g_assert_false(sfm_noise_level(&with, &level, NULL, &error));
    g_assert_error(error, SFM_ERROR, SFM_ERROR_BAD_ARGUMENT);
}

// ---- inpainting -------------------------------------------------------------

static float mask[SIDE * SIDE];

// Painted where the picture is a hole; half painted in its rim of alpha 1/2, which
// makes 1/2 + 1/2 1/2 = 3/4 of it.
static void what_is_painted_is_opaque(void)
{
    SfmJobParams params = with_alpha(SFM_JOB_INPAINT, 0.0F);
    g_auto(SfmImage) image = { 0 };

    for (int i = 0; i < SIDE * SIDE; i++)
        mask[i] = 1.0F - clear[4 * i + 3];
    params.inputs[1] = (SfmPicture){ SIDE, SIDE, 1, mask };
    params.num_steps = 4;
    run(&params, &image);
    for (int i = 0; i < SIDE * SIDE; i++) {
        const float *got = image.pixels + 4 * i, *was = clear + 4 * i;
        if (mask[i] == 0.0F)
            g_assert_cmpmem(got, 4 * sizeof *got, was, 4 * sizeof *was);
        else
            g_assert_cmpfloat(got[3], ==, mask[i] == 1.0F ? 1.0F : 0.75F);
    }
}

// Over nothing, a stroke of half is that stroke's colour, not one mixed with black.
static void nothing_hidden_shines_through_a_soft_mask(void)
{
    g_auto(SfmImage) black = { 0 }, white = { 0 };

    for (int k = 0; k < 2; k++) {
        SfmJobParams params = with_alpha(SFM_JOB_INPAINT, (float)k);
        for (int i = 0; i < SIDE * SIDE; i++)
            mask[i] = clear[4 * i + 3] > 0.0F ? 0.0F : 0.5F;
        params.inputs[1] = (SfmPicture){ SIDE, SIDE, 1, mask };
        params.num_steps = 4;
        run(&params, k ? &white : &black);
    }
    for (size_t i = 0; i < SIDE * SIDE; i++) {
        if (mask[i] > 0.0F)
            g_assert_cmpmem(black.pixels + 4 * i, 4 * sizeof(float), white.pixels + 4 * i,
                            4 * sizeof(float));
    }
}

int main(int argc, char **argv)
{
    open_trial(&argc, &argv);

#define TEST(name) g_test_add_func("/job/hidden/" #name, name)
    TEST(fills_holes_between_what_is_around);
    TEST(weighs_by_alpha);
    TEST(leaves_alone_what_has_no_holes_or_nothing_else);
    TEST(hidden_colours_are_neither_seen_nor_lost);
    TEST(noise_is_estimated_where_it_is_seen);
    TEST(what_is_painted_is_opaque);
    TEST(nothing_hidden_shines_through_a_soft_mask);
    return run_trial();
}
