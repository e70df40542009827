// SPDX-License-Identifier: GPL-3.0-or-later
#include "job_trial.h"

#include <math.h>
#include <string.h>

#include "base/philox.h"
#include "job/noise_source.h"

static float other[COUNT];

static SfmJobParams between(void)
{
    SfmJobParams params = request(SFM_JOB_INTERPOLATE);

    for (int i = 0; i < COUNT; i++)
        other[i] = 1.0F - slope[i];
    params.inputs[1] = (SfmPicture){ SIDE, SIDE, 3, other };
    params.num_images = 3;
    return params;
}

// With the noise of image 0 in all three: x_i = (1 - l) a + l b + sigma z.
static void interpolates_linearly_in_shared_noise(void)
{
    const SfmNoiseKey key = { .seed = 5, .image = 0, .step = SFM_NOISE_START };
    const char *const settings[] = { "level=0.1", NULL };
    SfmJobParams params = between();
    SfmImage images[3] = { 0 };
    g_auto(SfmNoiseTable) table = { 0 };
    float z[COUNT];

    init_table(&table);
    sfm_philox_normals(key, z, COUNT);
    params.sampler = stay;
    params.settings = settings;
    run(&params, images);
    const double sigma = sfm_noise_table_sigma(&table, 99.9);
    for (int k = 0; k < 3; k++) {
        const double share = 0.25 * (k + 1);
        for (int i = 0; i < COUNT; i++) {
            const double noise = sigma / 2.0 * z[i % 3 * SIDE * SIDE + i / 3];
            const double want = (1.0 - share) * slope[i] + share * other[i] + noise;
            g_assert_cmpfloat_with_epsilon(images[k].pixels[i], CLAMP(want, 0.0, 1.0), 1e-5);
        }
    }
    clear_three(images);
}

// Halfway, slerp weighs both noises alike, and gives their length, not 0.71 of it.
static void interpolates_noises_of_their_own_on_the_sphere(void)
{
    const char *const settings[] = { "level=0.1", "mixing=spherical", NULL };
    SfmNoiseKey key = { .seed = 5, .image = 0, .step = SFM_NOISE_START };
    SfmJobParams params = between();
    SfmImage images[3] = { 0 };
    g_auto(SfmNoiseTable) table = { 0 };
    float z[2][COUNT];
    double ab = 0.0, aa = 0.0, bb = 0.0;

    init_table(&table);
    for (key.stream = 0; key.stream < 2; key.stream++)
        sfm_philox_normals(key, z[key.stream], COUNT);
    for (int i = 0; i < COUNT; i++) {
        ab += (double)z[0][i] * z[1][i];
        aa += (double)z[0][i] * z[0][i];
        bb += (double)z[1][i] * z[1][i];
    }
    const double weight = 1.0 / (2.0 * cos(acos(ab / sqrt(aa * bb)) / 2.0)); // sin(t/2) / sin t
    params.sampler = stay;
    params.settings = settings;
    run(&params, images);
    const double sigma = sfm_noise_table_sigma(&table, 99.9);
    for (int i = 0; i < COUNT; i++) {
        const int at = i % 3 * SIDE * SIDE + i / 3;
        const double want = 0.5 + sigma / 2.0 * weight * ((double)z[0][at] + z[1][at]);
        g_assert_cmpfloat_with_epsilon(images[1].pixels[i], CLAMP(want, 0.0, 1.0), 1e-5);
    }
    clear_three(images);
}

// Up by DDIM's slope and down again by it: the same picture, but for the steps.
static void inversion_of_equal_pictures_leads_back_to_them(void)
{
    const char *const settings[] = { "level=0.1", "mixing=inversion", NULL };
    SfmJobParams params = between();
    g_auto(SfmImage) image = { 0 };
    double squares = 0.0;

    params.inputs[1] = params.inputs[0];
    params.num_images = 1;
    params.num_steps = 40;
    params.sampler = "ddim";
    params.settings = settings;
    run(&params, &image);
    for (int i = 0; i < COUNT; i++)
        squares += pow((double)image.pixels[i] - slope[i], 2.0);
    g_assert_cmpfloat(sqrt(squares / COUNT), <, 0.02); // noise of that level has 0.1
}

static void refuses_pictures_of_two_sizes_and_noise_of_torch(void)
{
    SfmJobParams params = between();

    params.noise = SFM_NOISE_TORCH;
    refuses(&params, SFM_ERROR_UNSUPPORTED, "noise: torch draws anew *; choose philox");
    params = between();
    params.inputs[1].width = 8;
    refuses(&params, SFM_ERROR_BAD_ARGUMENT, "to: is 8x16 and from is 16x16; scale or crop *");
}

int main(int argc, char **argv)
{
    open_trial(&argc, &argv);

#define TEST(name) g_test_add_func("/job/interpolate/" #name, name)
    TEST(interpolates_linearly_in_shared_noise);
    TEST(interpolates_noises_of_their_own_on_the_sphere);
    TEST(inversion_of_equal_pictures_leads_back_to_them);
    TEST(refuses_pictures_of_two_sizes_and_noise_of_torch);
    return run_trial();
}
