// SPDX-License-Identifier: GPL-3.0-or-later
#include "job_trial.h"

#include <math.h>
#include <string.h>

#include "base/philox.h"
#include "job/entry.h"
#include "job/noise_source.h"

// ---- vary -----------------------------------------------------------------

// x = layer + sigma z (Meng et al., algorithm 1), and the picture is (x + 1) / 2.
static void vary_begins_from_the_picture_and_noise_of_its_level(void)
{
    const SfmNoiseKey key = { .seed = 5, .image = 1, .step = SFM_NOISE_START };
    const char *const settings[] = { "job.strength=0.1", NULL };
    SfmJobParams params = request(SFM_JOB_VARY);
    SfmImage images[2] = { 0 };
    g_auto(SfmNoiseTable) table = { 0 };
    float z[COUNT];

    init_table(&table);
    sfm_philox_normals(key, z, COUNT);
    params.sampler = stay;
    params.settings = settings;
    params.num_images = 2;
    run(&params, images);
    const double sigma = sfm_noise_table_sigma(&table, 99.9); // a tenth of 999
    for (int i = 0; i < COUNT; i++) {
        const int pixel = i / 3, c = i % 3;
        const double x = 2.0 * slope[i] - 1.0 + sigma * z[c * SIDE * SIDE + pixel];
        g_assert_cmpfloat_with_epsilon(images[1].pixels[i], CLAMP(x / 2.0 + 0.5, 0.0, 1.0), 1e-5);
    }
    sfm_image_clear(&images[0]);
    sfm_image_clear(&images[1]);
}

static void vary_gives_a_picture_the_same_bits_in_any_company(void)
{
    SfmJobParams params = request(SFM_JOB_VARY);
    SfmImage one[1] = { 0 }, three[3] = { 0 };

    run(&params, one);
    params.num_images = 3;
    run(&params, three);
    g_assert_cmpmem(one[0].pixels, sizeof slope, three[0].pixels, sizeof slope);
    g_assert_cmpint(memcmp(three[0].pixels, three[1].pixels, sizeof slope), !=, 0);
    g_assert_cmpstr(one[0].recipe, ==, three[0].recipe);
    sfm_image_clear(&one[0]);
    for (int i = 0; i < 3; i++)
        sfm_image_clear(&three[i]);
}

static void the_result_has_the_size_and_the_channels_of_the_picture(void)
{
    for (int channels = 1; channels <= 4; channels++) {
        g_autofree float *pixels = g_new(float, 13 * 7 * (gsize)channels);
        SfmJobParams params = request(SFM_JOB_VARY);
        g_auto(SfmImage) image = { 0 };
        fill(pixels, 13, 7, channels);
        params.inputs[0] = (SfmPicture){ 13, 7, channels, pixels };
        run(&params, &image);
        g_assert_cmpint(image.width, ==, 13);
        g_assert_cmpint(image.height, ==, 7);
        g_assert_cmpint(image.channels, ==, channels);
        for (int i = channels - 1; channels % 2 == 0 && i < 13 * 7 * channels; i += channels)
            g_assert_cmpfloat(image.pixels[i], ==, pixels[i]); // alpha
    }
}

// Of a picture without colour the three channels are equal, and so is their luma.
static void gray_comes_back_as_it_went_in(void)
{
    const char *const settings[] = { "strength=0", NULL };
    SfmJobParams params = request(SFM_JOB_VARY);
    float gray[SIDE * SIDE];
    g_auto(SfmImage) image = { 0 };

    fill(gray, SIDE, SIDE, 1);
    params.inputs[0] = (SfmPicture){ SIDE, SIDE, 1, gray };
    params.sampler = stay;
    params.settings = settings;
    params.num_steps = 1;
    run(&params, &image);
    for (int i = 0; i < SIDE * SIDE; i++) // three draws of the table's least noise, 0.01
        g_assert_cmpfloat_with_epsilon(image.pixels[i], gray[i], 0.03);
}

static void a_recipe_names_the_job_its_knobs_and_its_pictures(void)
{
    const char *const settings[] = { "strength=0.25", NULL };
    SfmJobParams params = request(SFM_JOB_VARY);
    g_auto(SfmImage) image = { 0 }, other = { 0 };

    params.settings = settings;
    run(&params, &image);
    g_assert_nonnull(strstr(
        image.recipe, "\"job\": \"vary\", \"job_settings\": [\"strength=0.25\", \"tile=0\"]"));
    g_assert_nonnull(strstr(image.recipe, "\"inputs\": [{\"name\": \"picture\", \"hash\": \""));
    slope[COUNT - 1] += 1e-6F; // one bit or so of one pixel
    run(&params, &other);
    g_assert_cmpstr(image.recipe, !=, other.recipe);
}

// ---- what is refused ------------------------------------------------------

static void refuses_pictures_that_do_not_fit(void)
{
    float bad[4] = { 0.5F, 0.5F, NAN, 0.5F };
    const struct {
        SfmPicture picture;
        SfmError code;
        const char *pattern;
    } cases[] = {
        { { 0 }, SFM_ERROR_BAD_ARGUMENT, "picture: none was given" },
        { { 0, 7, 3, bad }, SFM_ERROR_BAD_ARGUMENT, "picture: 0x7 is empty; choose one that *" },
        { { 1, 1, 5, bad }, SFM_ERROR_BAD_ARGUMENT, "picture: has 5 channels; *" },
        { { 2, 2, 1, bad }, SFM_ERROR_BAD_NUMBER, "picture: pixel (0, 1) is nan" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        SfmJobParams params = request(SFM_JOB_VARY);
        params.inputs[0] = cases[i].picture;
        refuses(&params, cases[i].code, cases[i].pattern);
    }
}

static void refuses_colour_for_a_model_of_gray(void)
{
    SfmJobParams params = request(SFM_JOB_VARY);

    params.model = "digits";
    refuses(&params, SFM_ERROR_BAD_ARGUMENT,
            "picture: is in colour and digits makes gray pictures; turn it to gray, *");
}

static void refuses_knobs_out_of_range_and_sizes_where_a_picture_has_one(void)
{
    const char *const cases[][2] = {
        { "strength=1.5", "strength must be a number from 0 to 1, not '1.5'" },
        { "job.strength=-1", "strength must be a number from 0 to 1, not '-1'" },
        { "job.strange=1", "set: the job vary has no \"strange\"" },
        { "strenght=1", "set: neither *\"strenght\", did you mean \"strength\"?" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        SfmJobParams params = request(SFM_JOB_VARY);
        params.settings = (const char *const[]){ cases[i][0], NULL };
        refuses(&params, SFM_ERROR_BAD_ARGUMENT, cases[i][1]);
    }
    SfmJobParams sized = request(SFM_JOB_VARY);
    sized.width = 32;
    refuses(&sized, SFM_ERROR_BAD_ARGUMENT, "size: 32x0 was asked for, but *the picture");
    SfmJobParams unknown = request((SfmJob)99);
    refuses(&unknown, SFM_ERROR_BAD_ARGUMENT, "job: there is no number 99");
}

// ---- memory ---------------------------------------------------------------

static uint64_t memory_of(const SfmJobParams *params)
{
    g_autoptr(SfmEngine) engine = open_engine();
    g_autoptr(GError) error = NULL;
    uint64_t bytes = 0;

    sfm_engine_job_memory(engine, params, &bytes, &error);
    g_assert_no_error(error);
    return bytes;
}

static void what_a_job_takes_is_told_by_the_size_of_its_pictures(void)
{
    SfmJobParams params = request(SFM_JOB_VARY);
    const uint64_t whole = memory_of(&params);

    params.inputs[0].pixels = NULL;
    g_assert_cmpuint(memory_of(&params), ==, whole);
    params.num_images = 2; // at once
    g_assert_cmpuint(memory_of(&params), >, whole);
    params.num_images = 1;
    params.inputs[0].width = 2 * SIDE;
    g_assert_cmpuint(memory_of(&params), >, whole);
}

static void what_a_job_takes_is_weights_arena_and_state(void)
{
    g_autoptr(SfmEngine) engine = open_engine();
    SfmJobParams params = request(SFM_JOB_VARY);
    SfmModelCost cost;

    g_assert_true(sfm_engine_model_cost(engine, model_path, SIDE, SIDE, &cost, NULL));
    // x, the picture, the network's input and answer, and ten of the sampler's; and
    // what has a number an image.
    const uint64_t state = 14 * COUNT * sizeof(float) + 4096;
    g_assert_cmpuint(memory_of(&params), ==, cost.weight_bytes + cost.arena_bytes + state);
}

static void a_job_without_pictures_takes_nothing(void)
{
    g_autoptr(SfmEngine) engine = open_engine();
    g_autoptr(GError) error = NULL;
    SfmJobParams params = request(SFM_JOB_INTERPOLATE);
    uint64_t bytes = 7;

    g_assert_false(sfm_engine_job_memory(engine, &params, &bytes, &error));
    g_assert_cmpstr(error->message, ==, "to: none was given");
    g_assert_cmpuint(bytes, ==, 7);
}

int main(int argc, char **argv)
{
    open_trial(&argc, &argv);

#define TEST(name) g_test_add_func("/job/jobs/" #name, name)
    TEST(vary_begins_from_the_picture_and_noise_of_its_level);
    TEST(vary_gives_a_picture_the_same_bits_in_any_company);
    TEST(the_result_has_the_size_and_the_channels_of_the_picture);
    TEST(gray_comes_back_as_it_went_in);
    TEST(a_recipe_names_the_job_its_knobs_and_its_pictures);
    TEST(refuses_pictures_that_do_not_fit);
    TEST(refuses_colour_for_a_model_of_gray);
    TEST(refuses_knobs_out_of_range_and_sizes_where_a_picture_has_one);
    TEST(what_a_job_takes_is_told_by_the_size_of_its_pictures);
    TEST(what_a_job_takes_is_weights_arena_and_state);
    TEST(a_job_without_pictures_takes_nothing);
    return run_trial();
}
