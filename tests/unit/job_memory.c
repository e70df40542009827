// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a job takes of the device: as much as was said, no more than was allowed,
// and nothing behind its first steps. Counted at the device, by wrappers in its table.

#include "job_trial.h"

#include <math.h>
#include <string.h>

#include "job/engine.h"
#include "support/vulkan.h"
#include "support/watch.h"

static SfmEngine *engine;
static int steps_left; // that a job may take before what it makes counts

// An engine whose device is watched from its beginning.
static void open_watched(void)
{
    const SfmEngineParams params = { .data_dir = data_dir };
    g_autoptr(GError) error = NULL;

    engine = sfm_engine_new(&params, &error);
    g_assert_no_error(error);
    keep_drivers();
    watch_device(engine->runner);
}

static void close_watched(void)
{
    g_clear_pointer(&engine, sfm_engine_free);
}

static void watch_steps(const SfmProgress *progress, void *user_data)
{
    if (progress->step > 0 && progress->step >= steps_left && steps_left > 0) {
        watched.num_made = watched.num_pipelines = 0;
        steps_left = 0;
    }
}

static void make(const SfmJobParams *params, SfmImage *images)
{
    g_autoptr(GError) error = NULL;

    sfm_engine_run(engine, params, images, &error);
    g_assert_no_error(error);
}

// ---- nothing behind the first steps ------------------------------------------

// `steps`: of those of all images, after which nothing is made but the pipelines of
// so many formulas that come up later.
static void makes_nothing_behind(int steps, int new_formulas, SfmJobParams params)
{
    const int num = sfm_job_num_pictures(&params);
    g_autofree SfmImage *images = g_new0(SfmImage, (gsize)num);

    open_watched();
    params.progress = watch_steps;
    steps_left = steps;
    make(&params, images);
    g_assert_cmpint(steps_left, ==, 0);
    g_test_message("%s: %d objects, %d pipelines", params.sampler, watched.num_made,
                   watched.num_pipelines);
    g_assert_cmpint(watched.num_made, ==, 0);
    g_assert_cmpint(watched.num_pipelines, ==, new_formulas);
    for (int i = 0; i < num; i++)
        sfm_image_clear(&images[i]);
    close_watched();
}

// The end of a run copies x; and the last step of two of them draws no noise.
static void samplers_of_one_step_make_nothing_behind_the_first(void)
{
    const struct {
        const char *name;
        int new_formulas;
    } samplers[] = { { "euler", 1 }, { "ddim", 1 }, { "ddpm", 2 }, { "euler-ancestral", 2 } };

    for (size_t i = 0; i < G_N_ELEMENTS(samplers); i++)
        makes_nothing_behind(1, samplers[i].new_formulas,
                             (SfmJobParams){
                                 .model = model_path,
                                 .sampler = samplers[i].name,
                                 .num_steps = 7,
                             });
}

// Those that look back have other formulas until they have enough to look at, and
// keep more.
static void samplers_with_a_memory_make_nothing_once_it_is_full(void)
{
    makes_nothing_behind(
        3, 1, (SfmJobParams){ .model = model_path, .sampler = "dpmpp-2m", .num_steps = 8 });
    makes_nothing_behind(5, 1,
                         (SfmJobParams){ .model = model_path, .sampler = "lms", .num_steps = 8 });
}

static void batches_behind_the_first_make_nothing(void)
{
    SfmJobParams params = { .model = model_path, .sampler = "ddpm", .num_steps = 3 };

    params.num_images = 20; // at most 16 at once
    makes_nothing_behind(48, 0, params);
}

// Parts of a run are begun again and again.
static void rounds_behind_the_first_make_nothing(void)
{
    float mask[SIDE * SIDE] = { [SIDE * 8 + 8] = 1.0F };
    SfmJobParams params = request(SFM_JOB_INPAINT);

    params.inputs[1] = (SfmPicture){ SIDE, SIDE, 1, mask };
    params.sampler = "ddpm";
    params.num_steps = 6;
    makes_nothing_behind(3, 2, params);
}

static void steps_in_tiles_make_nothing(void)
{
    const char *const settings[] = { "tile=16", NULL };

    makes_nothing_behind(1, 1,
                         (SfmJobParams){
                             .model = model_path,
                             .sampler = "euler",
                             .width = 40,
                             .height = 24,
                             .num_steps = 4,
                             .settings = settings,
                         });
}

// ---- as much as was said ------------------------------------------------------

static uint64_t said(const SfmJobParams *params)
{
    g_autoptr(GError) error = NULL;
    uint64_t bytes = 0;

    sfm_engine_job_memory(engine, params, &bytes, &error);
    g_assert_no_error(error);
    return bytes;
}

// How many tensors a sampler keeps is not asked, but taken to be as many as any.
static void takes_what_it_says(SfmJobParams params)
{
    const int num = sfm_job_num_pictures(&params);
    const int spare = g_getenv("SFUMATO_KERNELS") ? 8 : 16; // gpu-fp32 leaves 6.4 % of it
    g_autofree SfmImage *images = g_new0(SfmImage, (gsize)num);

    open_watched();
    const uint64_t bytes = said(&params);
    make(&params, images);
    g_test_message("%s, %s: %" G_GUINT64_FORMAT " bytes were said, %" G_GUINT64_FORMAT " taken",
                   sfm_job_info(params.job)->name, params.sampler, bytes, watched.peak);
    g_assert_cmpuint(watched.peak, <=, bytes);
    g_assert_cmpuint(watched.peak, >=, bytes - bytes / spare);
    for (int i = 0; i < num; i++)
        sfm_image_clear(&images[i]);
    close_watched();
}

static void jobs_take_what_they_say(void)
{
    const char *const tile[] = { "tile=64", NULL };
    const char *const mirrors[] = { "average=2", "sigma=20", NULL };
    g_autofree float *pixels = g_new(float, 96 * 80 * 3);
    const SfmPicture picture = { 96, 80, 3, pixels };

    fill(pixels, 96, 80, 3);
    takes_what_it_says((SfmJobParams){ .model = "textures", .sampler = "ddpm", .num_steps = 2 });
    takes_what_it_says((SfmJobParams){
        .model = "digits", .sampler = "lms", .num_steps = 6, .width = 96, .num_images = 3 });
    takes_what_it_says((SfmJobParams){
        .model = "digits", .sampler = "euler", .num_steps = 2, .width = 192, .settings = tile });
    takes_what_it_says((SfmJobParams){
        .job = SFM_JOB_DENOISE, .model = "photo", .inputs = { picture }, .settings = mirrors });
    takes_what_it_says((SfmJobParams){ .job = SFM_JOB_INTERPOLATE,
                                       .model = "textures",
                                       .sampler = "ddim",
                                       .num_steps = 2,
                                       .inputs = { picture, picture } });
}

// ---- no more than was allowed -------------------------------------------------

static void a_batch_is_split_to_the_same_bytes(void)
{
    SfmJobParams params = {
        .model = "digits", .sampler = "ddpm", .num_steps = 2, .num_images = 5, .seed = 3
    };
    SfmImage free_to_take[5] = { 0 }, bound[5] = { 0 };

    params.class_name = "4";
    open_watched();
    const uint64_t five = said(&params);
    params.num_images = 1;
    const uint64_t one = said(&params);
    params.num_images = 5;
    make(&params, free_to_take);
    g_assert_cmpuint(watched.peak, >, (one + five) / 2);
    close_watched();

    open_watched();
    params.memory = (one + five) / 2;
    g_assert_cmpuint(said(&params), <=, params.memory);
    make(&params, bound);
    g_assert_cmpuint(watched.peak, <=, params.memory);
    for (int i = 0; i < 5; i++) {
        const gsize size = (gsize)bound[i].width * (gsize)bound[i].height * sizeof(float);
        g_assert_cmpmem(free_to_take[i].pixels, size, bound[i].pixels, size);
        g_assert_cmpstr(free_to_take[i].recipe, ==, bound[i].recipe);
        sfm_image_clear(&free_to_take[i]);
        sfm_image_clear(&bound[i]);
    }
    close_watched();
}

// The recipe has the tiles, so that it gives the same picture wherever.
static void a_picture_is_cut_into_tiles_that_fit(void)
{
    SfmJobParams params = {
        .model = "digits", .sampler = "ddim", .num_steps = 2, .width = 64, .class_name = "1"
    };
    const char *const settings[] = { "tile=32", NULL };
    g_auto(SfmImage) cut = { 0 }, told = { 0 };

    open_watched();
    const uint64_t whole = said(&params);
    params.settings = settings;
    make(&params, &told);
    close_watched();

    open_watched();
    params.settings = NULL;
    params.memory = whole - 1;
    make(&params, &cut);
    g_assert_cmpuint(watched.peak, <=, params.memory);
    g_assert_cmpstr(cut.recipe, ==, told.recipe);
    g_assert_cmpmem(cut.pixels, 64 * 64 * sizeof(float), told.pixels, 64 * 64 * sizeof(float));
    close_watched();
}

static void refuses_before_anything_is_made(SfmJobParams params, const char *pattern)
{
    g_autoptr(GError) error = NULL;
    SfmImage image = { .width = 123 };

    open_watched();
    watched.num_made = 0;
    g_assert_false(sfm_engine_run(engine, &params, &image, &error));
    g_assert_error(error, SFM_ERROR, SFM_ERROR_NO_MEMORY);
    if (!g_pattern_match_simple(pattern, error->message))
        g_error("got \"%s\", wanted \"%s\"", error->message, pattern);
    g_assert_cmpint(watched.num_made, ==, 0);
    g_assert_cmpint(image.width, ==, 123);
    close_watched();
}

static void refuses_what_no_part_fits(void)
{
    const char *const settings[] = { "tile=64", NULL };
    SfmJobParams params = { .model = "textures", .width = 128, .num_steps = 1, .memory = 1 << 20 };

    params.class_name = "1";
    refuses_before_anything_is_made(params,
                                    "memory: 128x128 needs *MiB of the device, in tiles *MiB, and "
                                    "1.0*MiB are allowed");
    params.settings = settings; // whoever says how large tiles are is taken at their word
    refuses_before_anything_is_made(params, "memory: 128x128 needs *MiB of the device, in tiles "
                                            "*MiB, and 1.0*MiB are allowed");
    params.job = SFM_JOB_INTERPOLATE; // in no tiles
    params.settings = NULL;
    params.width = 0;
    float pixels[16 * 16 * 3];
    fill(pixels, 16, 16, 3);
    params.inputs[0] = params.inputs[1] = (SfmPicture){ 16, 16, 3, pixels };
    refuses_before_anything_is_made(params,
                                    "memory: 16x16 needs *MiB of the device, and 1.0*MiB are "
                                    "allowed");
}

// A limit is the job's: the next one has what there is.
static void the_next_job_is_free_again(void)
{
    SfmJobParams params = { .model = model_path, .num_steps = 1, .memory = 1000 };
    g_auto(SfmImage) image = { 0 };

    open_watched();
    g_assert_false(sfm_engine_run(engine, &params, &image, NULL));
    params.memory = 0;
    make(&params, &image);
    close_watched();
}

int main(int argc, char **argv)
{
    open_trial(&argc, &argv);

#define TEST(name) g_test_add_func("/job/memory/" #name, name)
    TEST(samplers_of_one_step_make_nothing_behind_the_first);
    TEST(samplers_with_a_memory_make_nothing_once_it_is_full);
    TEST(batches_behind_the_first_make_nothing);
    TEST(rounds_behind_the_first_make_nothing);
    TEST(steps_in_tiles_make_nothing);
    TEST(jobs_take_what_they_say);
    TEST(a_batch_is_split_to_the_same_bytes);
    TEST(a_picture_is_cut_into_tiles_that_fit);
    TEST(refuses_what_no_part_fits);
    TEST(the_next_job_is_free_again);
    return run_trial();
}
