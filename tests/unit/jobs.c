// SPDX-License-Identifier: GPL-3.0-or-later
//
// Jobs that start from a picture, on the reference device, with a small
// published model of 16x16 pixels. Where a number is expected, the sampler is a
// script that leaves x as it is: then it follows from the definition.

#include <sfumato/engine.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <glib/gstdio.h>

#include "base/philox.h"
#include "job/entry.h"
#include "job/noise_level.h"
#include "job/noise_source.h"
#include "job/scripts.h"
#include "job/tiles.h"

enum { SIDE = 16, COUNT = SIDE * SIDE * 3 };

static char *model_path, *data_dir, *folder;
static char *stay; // a sampler that leaves x where it starts

static SfmEngine *open_engine(void)
{
    const SfmEngineParams params = { .device = "reference", .data_dir = data_dir };
    g_autoptr(GError) error = NULL;
    SfmEngine *engine = sfm_engine_new(&params, &error);

    g_assert_no_error(error);
    return engine;
}

static void run(const SfmJobParams *params, SfmImage *images)
{
    g_autoptr(SfmEngine) engine = open_engine();
    g_autoptr(GError) error = NULL;

    sfm_engine_run(engine, params, images, &error);
    g_assert_no_error(error);
}

static void refuses(const SfmJobParams *params, SfmError code, const char *pattern)
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
static void fill(float *pixels, int width, int height, int channels)
{
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            for (int c = 0; c < channels; c++)
                *pixels++ = 0.4F + 0.1F * (float)x / (float)width +
                            0.1F * (float)(y * (c + 1) % height) / (float)height;
}

static float slope[COUNT];

static SfmJobParams request(SfmJob job)
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

// ---- where a run is entered -------------------------------------------------

static SfmScript *find_schedule(const char *name)
{
    g_autoptr(SfmScriptLibrary) library = sfm_script_library_new(data_dir);
    g_autoptr(GError) error = NULL;
    SfmScript *schedule = sfm_script_find(library, SFM_SCRIPT_SCHEDULE, name, &error);

    g_assert_no_error(error);
    return schedule;
}

static void init_table(SfmNoiseTable *table)
{
    const SfmSchedulerConfig config = {
        .betas = SFM_BETAS_LINEAR,
        .num_train_timesteps = 1000,
        .beta_start = 1e-4,
        .beta_end = 0.02,
    };
    g_assert_true(sfm_noise_table_init(table, &config, NULL));
}

static SfmScriptModel model_of(const SfmNoiseTable *table)
{
    return (SfmScriptModel){
        .prediction = "epsilon",
        .sigma_min = table->sigma[0],
        .sigma_max = table->sigma[table->num - 1],
        .num_train_timesteps = table->num,
        .alphas_cumprod = table->alphas_cumprod,
        .spacing = "leading",
        .shape = SFM_SHAPE(1, 3, 8, 8),
    };
}

static void a_level_of_a_timestep_is_the_timestep_of_the_level(void)
{
    g_auto(SfmNoiseTable) table = { 0 };
    const double steps[] = { 0.0, 1.0, 17.25, 500.0, 998.5, 999.0 };

    init_table(&table);
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
        const double sigma = sfm_noise_table_sigma(&table, steps[i]);
        g_assert_cmpfloat_with_epsilon(sfm_noise_table_timestep(&table, sigma), steps[i], 1e-3);
    }
    g_assert_cmpfloat(sfm_noise_table_sigma(&table, 5000.0), ==, table.sigma[999]);
    g_assert_cmpfloat(sfm_noise_table_sigma(&table, 500.0), ==, table.sigma[500]);
}

static void enters_at_the_level_and_takes_as_many_steps_as_asked(void)
{
    static const char *const names[] = { "linear", "cosine", "karras", "exponential", "trained" };
    const int steps[] = { 1, 2, 7, 30 };
    g_auto(SfmNoiseTable) table = { 0 };

    init_table(&table);
    const SfmScriptModel model = model_of(&table);
    for (size_t k = 0; k < G_N_ELEMENTS(names) * G_N_ELEMENTS(steps); k++) {
        g_autoptr(SfmScript) schedule = find_schedule(names[k % G_N_ELEMENTS(names)]);
        const int num = steps[k / G_N_ELEMENTS(names)];
        g_autoptr(GError) error = NULL;
        g_auto(SfmLevels) levels = { 0 };
        sfm_entry_levels(schedule, &model, 0.4, num, &levels, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(levels.num, ==, (size_t)num + 1);
        g_assert_cmpfloat(levels.sigma[0], ==, 0.4);
        for (int i = 0; i < num; i++)
            g_assert_cmpfloat(levels.sigma[i], >, levels.sigma[i + 1]);
        g_assert_cmpfloat(levels.sigma[num], ==, 0.0);
    }
}

// Ten timesteps of this table lie below its level 10.
static void takes_fewer_steps_where_there_are_no_more_levels(void)
{
    g_auto(SfmNoiseTable) table = { 0 };
    g_auto(SfmLevels) levels = { 0 };
    g_autoptr(SfmScript) schedule = find_schedule("linear");

    init_table(&table);
    const SfmScriptModel model = model_of(&table);
    g_test_expect_message("sfumato", G_LOG_LEVEL_MESSAGE, "steps: 11 instead of 50; *");
    g_assert_true(sfm_entry_levels(schedule, &model, table.sigma[10], 50, &levels, NULL));
    g_test_assert_expected_messages();
    g_assert_cmpuint(levels.num, ==, 12); // timesteps 10 to 0, and no noise at all
    g_assert_cmpfloat_with_epsilon(levels.sigma[10], table.sigma[0], 1e-6);
}

// ---- vary -------------------------------------------------------------------

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
    g_assert_nonnull(
        strstr(image.recipe, "\"job\": \"vary\", \"job_settings\": [\"strength=0.25\"]"));
    g_assert_nonnull(strstr(image.recipe, "\"inputs\": [{\"name\": \"picture\", \"hash\": \""));
    slope[COUNT - 1] += 1e-6F; // one bit or so of one pixel
    run(&params, &other);
    g_assert_cmpstr(image.recipe, !=, other.recipe);
}

// ---- denoise ----------------------------------------------------------------

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
            g_assert_true(sfm_noise_level(&picture, &sigma, NULL));
            g_assert_cmpfloat(fabs(255.0 * sigma / sigmas[k] - 1.0), <, 0.07); // 1900 of them
        }
    }
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

// ---- tiles ------------------------------------------------------------------

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
        sfm_tiling_init(&t, size, tile, cases[k][2], multiple);
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

// ---- interpolate ------------------------------------------------------------

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

static void clear_three(SfmImage *images)
{
    for (int i = 0; i < 3; i++)
        sfm_image_clear(&images[i]);
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

// ---- inpaint ----------------------------------------------------------------

static float hole[SIDE * SIDE];

// White in the middle, half gray in a rim of one pixel around it.
static SfmJobParams with_hole(void)
{
    SfmJobParams params = request(SFM_JOB_INPAINT);

    for (int i = 0; i < SIDE * SIDE; i++) {
        const int far = MAX(abs(2 * (i % SIDE) - 15), abs(2 * (i / SIDE) - 15)) / 2;
        hole[i] = far < 4 ? 1.0F : far == 4 ? 0.5F : 0.0F;
    }
    params.inputs[1] = (SfmPicture){ SIDE, SIDE, 1, hole };
    params.num_steps = 4;
    return params;
}

static void keeps_what_the_mask_does_not_hold_to_the_bit(void)
{
    const char *const samplers[] = { "ddpm", "ddim", "heun", "dpmpp-2m", "langevin" };

    for (size_t k = 0; k < G_N_ELEMENTS(samplers); k++) {
        SfmJobParams params = with_hole();
        g_auto(SfmImage) image = { 0 };
        int changed = 0;
        params.sampler = samplers[k];
        run(&params, &image);
        for (int i = 0; i < COUNT; i++) {
            if (hole[i / 3] == 0.0F)
                g_assert_cmpmem(&image.pixels[i], sizeof(float), &slope[i], sizeof(float));
            else
                changed += image.pixels[i] != slope[i];
        }
        g_assert_cmpint(changed, >, 200); // of 300
    }
}

// At each level x is the picture with that level's noise outside the mask; a
// sampler that looks sees so.
static void shows_samplers_the_known_part_at_its_level(void)
{
    g_autofree char *look = g_build_filename(folder, "look.lua", NULL);
    const char *const text =
        "return diffusion.sampler { api = 1, name = 'look', title = 'Look', "
        "step = function(ctx, x, x0, eps, a, b) "
        "if (x - x0 - a * eps):absmax() > 1e-3 * a then error('eps is not the rest') end "
        "if (x - x0):absmax() > 6 * a then error('x is not known') end "
        "return x0 + b * eps end }";
    const char *const settings[] = { "rounds=3", "jump=2", "strength=0.3", NULL };
    SfmJobParams params = with_hole();
    g_auto(SfmImage) image = { 0 };

    for (int i = 0; i < SIDE * SIDE; i++)
        hole[i] = i == 0 ? 1e-6F : 0.0F; // next to nothing is painted
    g_assert_true(g_file_set_contents(look, text, -1, NULL));
    params.sampler = look;
    params.settings = settings;
    run(&params, &image);
    g_unlink(look);
}

typedef struct {
    int last, total;
} Steps;

static void count_steps(const SfmProgress *progress, void *user_data)
{
    Steps *steps = user_data;

    g_assert_cmpint(progress->step, >=, steps->last);
    *steps = (Steps){ progress->step, progress->num_steps };
}

// Ten steps in parts of 3, 3, 3 and 1, the first three of them four times.
static void counts_the_steps_of_all_rounds(void)
{
    const char *const settings[] = { "rounds=4", "jump=3", NULL };
    SfmJobParams params = with_hole();
    g_auto(SfmImage) image = { 0 };
    Steps steps = { 0 };

    params.num_steps = 10;
    params.settings = settings;
    params.progress = count_steps;
    params.user_data = &steps;
    run(&params, &image);
    g_assert_cmpint(steps.total, ==, 4 * 9 + 1);
    g_assert_cmpint(steps.last, ==, 4 * 9 + 1);
}

static void more_rounds_and_other_images_draw_other_noise(void)
{
    const char *const once[] = { "rounds=1", NULL }, *const twice[] = { "rounds=2", NULL };
    SfmJobParams params = with_hole();
    SfmImage one[1] = { 0 }, two[3] = { 0 };

    params.settings = once;
    run(&params, one);
    params.settings = twice;
    params.num_images = 3;
    run(&params, two);
    g_assert_cmpint(memcmp(one[0].pixels, two[0].pixels, sizeof slope), !=, 0);
    g_assert_cmpint(memcmp(two[0].pixels, two[1].pixels, sizeof slope), !=, 0);
    sfm_image_clear(&one[0]);
    params.num_images = 1;
    run(&params, one);
    g_assert_cmpmem(one[0].pixels, sizeof slope, two[0].pixels, sizeof slope);
    sfm_image_clear(&one[0]);
    clear_three(two);
}

static void cancel_in_a_part_is_a_cancel(void)
{
    SfmJobParams params = with_hole();
    g_autoptr(SfmEngine) engine = open_engine();
    g_autoptr(GError) error = NULL;
    SfmImage image = { .width = 123 };

    sfm_engine_cancel(engine);
    g_assert_false(sfm_engine_run(engine, &params, &image, &error));
    g_assert_error(error, SFM_ERROR, SFM_ERROR_CANCELLED);
    g_assert_cmpint(image.width, ==, 123);
}

static void refuses_a_mask_that_holds_nothing(void)
{
    SfmJobParams params = with_hole();

    memset(hole, 0, sizeof hole);
    refuses(&params, SFM_ERROR_BAD_ARGUMENT, "mask: is black everywhere; make white *");
}

// ---- what is refused --------------------------------------------------------

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

static char *write_sampler(const char *name, const char *body)
{
    char *path = g_build_filename(folder, name, NULL);
    g_autofree char *text = g_strdup_printf("return diffusion.sampler { api = 1, name = 'test', "
                                            "title = 'Test', step = function(ctx, x, x0, eps, a, "
                                            "b) %s end }",
                                            body);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    return path;
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    model_path = g_test_build_filename(G_TEST_DIST, "fixtures", "pipeline", "model", NULL);
    data_dir = g_test_build_filename(G_TEST_DIST, "..", NULL);
    folder = g_dir_make_tmp("sfumato-XXXXXX", NULL);
    stay = write_sampler("stay.lua", "return x");

#define TEST(name) g_test_add_func("/job/jobs/" #name, name)
    TEST(a_level_of_a_timestep_is_the_timestep_of_the_level);
    TEST(enters_at_the_level_and_takes_as_many_steps_as_asked);
    TEST(takes_fewer_steps_where_there_are_no_more_levels);
    TEST(vary_begins_from_the_picture_and_noise_of_its_level);
    TEST(vary_gives_a_picture_the_same_bits_in_any_company);
    TEST(the_result_has_the_size_and_the_channels_of_the_picture);
    TEST(gray_comes_back_as_it_went_in);
    TEST(a_recipe_names_the_job_its_knobs_and_its_pictures);
    TEST(estimates_the_noise_that_was_put_in);
    TEST(refuses_to_estimate_from_a_few_pixels);
    TEST(denoise_begins_at_the_picture_itself);
    TEST(denoise_takes_one_step_unless_told);
    TEST(denoise_keeps_the_share_that_was_asked_for);
    TEST(windows_of_tiles_sum_to_one_and_begin_smoothly);
    TEST(a_tile_counts_alone_where_no_other_lies);
    TEST(interpolates_linearly_in_shared_noise);
    TEST(interpolates_noises_of_their_own_on_the_sphere);
    TEST(inversion_of_equal_pictures_leads_back_to_them);
    TEST(refuses_pictures_of_two_sizes_and_noise_of_torch);
    TEST(keeps_what_the_mask_does_not_hold_to_the_bit);
    TEST(shows_samplers_the_known_part_at_its_level);
    TEST(counts_the_steps_of_all_rounds);
    TEST(more_rounds_and_other_images_draw_other_noise);
    TEST(cancel_in_a_part_is_a_cancel);
    TEST(refuses_a_mask_that_holds_nothing);
    TEST(refuses_pictures_that_do_not_fit);
    TEST(refuses_colour_for_a_model_of_gray);
    TEST(refuses_knobs_out_of_range_and_sizes_where_a_picture_has_one);
    const int result = g_test_run();
    g_unlink(stay);
    g_rmdir(folder);
    char *const owned[] = { stay, folder, model_path, data_dir };
    for (size_t i = 0; i < G_N_ELEMENTS(owned); i++)
        g_free(owned[i]);
    return result;
}
