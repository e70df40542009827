// SPDX-License-Identifier: GPL-3.0-or-later
#include <sfumato/measure.h>

#include <math.h>
#include <string.h>

enum { SIDE = 64 };

static void psnr_is_that_of_the_mean_square(void)
{
    const float a[] = { 0.2F, 0.5F }, b[] = { 0.3F, 0.8F };
    const SfmPicture p = { 2, 1, 1, a }, q = { 2, 1, 1, b };

    // (0.01 + 0.09) / 2 = 1 / 20
    g_assert_cmpfloat_with_epsilon(sfm_picture_psnr(&p, &q), 10.0 * log10(20.0), 1e-5);
    g_assert_true(isinf(sfm_picture_psnr(&p, &p)));
}

static void psnr_counts_colours_and_leaves_alpha_out(void)
{
    const float a[] = { 0.5F, 0.5F, 0.5F, 0.0F }, b[] = { 0.5F, 0.5F, 0.8F, 1.0F };
    const SfmPicture p = { 1, 1, 4, a }, q = { 1, 1, 4, b };

    // 0.09 / 3 = 0.03
    g_assert_cmpfloat_with_epsilon(sfm_picture_psnr(&p, &q), -10.0 * log10(0.03), 1e-5);
}

static void fill(float *pixels, float mean, float wave)
{
    for (int i = 0; i < SIDE * SIDE; i++)
        pixels[i] = mean + ((i % SIDE + i / SIDE) % 2 ? wave : -wave);
}

static void ssim_of_the_same_is_one(void)
{
    float a[SIDE * SIDE];
    const SfmPicture p = { SIDE, SIDE, 1, a };

    fill(a, 0.5F, 0.1F);
    g_assert_cmpfloat_with_epsilon(sfm_picture_ssim(&p, &p), 1.0, 1e-9);
}

// Without contrast, (2 a b + C1) / (a^2 + b^2 + C1) = 0.2501 / 0.3126.
static void ssim_compares_brightness(void)
{
    float a[SIDE * SIDE], b[SIDE * SIDE];
    const SfmPicture p = { SIDE, SIDE, 1, a }, q = { SIDE, SIDE, 1, b };

    fill(a, 0.5F, 0.0F);
    fill(b, 0.25F, 0.0F);
    g_assert_cmpfloat_with_epsilon(sfm_picture_ssim(&p, &q), 0.2501 / 0.3126, 1e-6);
}

// Variances 0.01, covariance -0.01, equal means: (-0.02 + C2) / (0.02 + C2).
static void ssim_of_a_negative_is_negative(void)
{
    float a[SIDE * SIDE], b[SIDE * SIDE];
    const SfmPicture p = { SIDE, SIDE, 1, a }, q = { SIDE, SIDE, 1, b };

    fill(a, 0.5F, 0.1F);
    fill(b, 0.5F, -0.1F);
    g_assert_cmpfloat_with_epsilon(sfm_picture_ssim(&p, &q), -0.0191 / 0.0209, 1e-4);
}

static void ssim_needs_a_window(void)
{
    const float a[10 * 20] = { 0 };
    const SfmPicture p = { 10, 20, 1, a };

    g_assert_true(isnan(sfm_picture_ssim(&p, &p)));
}

// Of 64 x 64 x 3 normals, mean and variance lie within five of their deviations.
static void noise_has_its_strength_and_spares_alpha(void)
{
    const int num = SIDE * SIDE;
    g_autofree float *clean = g_new0(float, num * 4), *noisy = g_new(float, num * 4);
    const SfmPicture p = { SIDE, SIDE, 4, clean };
    double sum = 0.0, squares = 0.0;

    for (int i = 0; i < num; i++)
        clean[4 * i + 3] = 0.25F;
    g_assert_true(sfm_picture_add_noise(&p, 0.2, 3, noisy, NULL));
    for (int i = 0; i < num; i++) {
        for (int c = 0; c < 3; c++) {
            sum += (double)noisy[4 * i + c] / 0.2;
            squares += (double)noisy[4 * i + c] * (double)noisy[4 * i + c] / 0.04;
        }
        g_assert_cmpfloat(noisy[4 * i + 3], ==, 0.25F);
    }
    g_assert_cmpfloat(fabs(sum) / sqrt(3.0 * num), <, 5.0);
    g_assert_cmpfloat(fabs(squares / (3.0 * num) - 1.0) / sqrt(2.0 / (3.0 * num)), <, 5.0);
}

static void noise_is_a_function_of_its_seed(void)
{
    const float clean[SIDE] = { 0 };
    const SfmPicture p = { SIDE, 1, 1, clean };
    float a[SIDE], b[SIDE], c[SIDE];

    g_assert_true(sfm_picture_add_noise(&p, 0.2, 3, a, NULL));
    g_assert_true(sfm_picture_add_noise(&p, 0.2, 3, b, NULL));
    g_assert_true(sfm_picture_add_noise(&p, 0.2, 4, c, NULL));
    g_assert_cmpint(memcmp(a, b, sizeof a), ==, 0);
    g_assert_cmpint(memcmp(a, c, sizeof a), !=, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

#define TEST(name) g_test_add_func("/measure/" #name, name)
    TEST(psnr_is_that_of_the_mean_square);
    TEST(psnr_counts_colours_and_leaves_alpha_out);
    TEST(ssim_of_the_same_is_one);
    TEST(ssim_compares_brightness);
    TEST(ssim_of_a_negative_is_negative);
    TEST(ssim_needs_a_window);
    TEST(noise_has_its_strength_and_spares_alpha);
    TEST(noise_is_a_function_of_its_seed);
    return g_test_run();
}
