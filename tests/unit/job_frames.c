// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is seen of a run on its way, on the reference and on Vulkan; and images
// that are made alone.

#include "job_device.h"

#include <string.h>

static const char *const devices[] = { "reference", NULL }; // NULL: Vulkan

// The array is freed by free_all().
static SfmImage *run_on(const char *device, const SfmJobParams *params)
{
    g_autoptr(SfmEngine) engine = open_on(device);
    g_autoptr(GError) error = NULL;
    SfmImage *images = g_new0(SfmImage, (gsize)sfm_job_num_pictures(params));

    sfm_engine_run(engine, params, images, &error);
    g_assert_no_error(error);
    return images;
}

static void free_all(SfmImage *images, int num)
{
    for (int i = 0; i < num; i++)
        sfm_image_clear(&images[i]);
    g_free(images);
}

static void assert_same_pixels(const SfmImage *a, const SfmImage *b)
{
    g_assert_cmpint(a->width, ==, SIDE);
    g_assert_cmpmem(a->pixels, COUNT * sizeof(float), b->pixels, COUNT * sizeof(float));
}

static const char *const two_frames[] = { "frames=2", NULL };
static const char *const three_frames[] = { "job.frames=3", NULL };

static SfmJobParams noise_request(void)
{
    return (SfmJobParams){ .model = model_path, .num_steps = 3, .seed = 5 };
}

// ---- how many ---------------------------------------------------------------

static void an_image_has_its_frames_beside_it(void)
{
    const char *const last[] = { "frames=7", "sampler.frames=9", "job.frames=2", NULL };
    const char *const nonsense[] = { "frames=101", "frames=x", "frames", "rames=3", NULL };
    const struct {
        SfmJobParams params;
        int num;
    } trials[] = {
        { { 0 }, 1 },
        { { .num_images = 4 }, 4 },
        { { .num_images = 4, .only = 2 }, 1 },
        { { .num_images = 4, .settings = two_frames }, 12 },
        { { .num_images = 4, .only = 4, .settings = three_frames }, 4 },
        { { .settings = last }, 3 },
        { { .settings = nonsense }, 1 },
        { { .job = SFM_JOB_VARY, .settings = two_frames }, 1 }, // which that job refuses
        { { .num_images = -1 }, 1 },
        { { .job = (SfmJob)77 }, 1 },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(trials); i++)
        g_assert_cmpint(sfm_job_num_pictures(&trials[i].params), ==, trials[i].num);
}

// ---- frames -----------------------------------------------------------------

static void frames_come_before_their_image_and_change_nothing(void)
{
    for (size_t k = 0; k < G_N_ELEMENTS(devices); k++) {
        SfmJobParams params = noise_request();
        params.num_images = 3;
        SfmImage *plain = run_on(devices[k], &params);
        params.settings = two_frames;
        SfmImage *with = run_on(devices[k], &params);

        for (int i = 0; i < 3; i++) {
            assert_same_pixels(&with[3 * i + 2], &plain[i]);
            g_assert_cmpint(memcmp(with[3 * i].pixels, plain[i].pixels, COUNT * sizeof(float)), !=,
                            0);
            g_assert_nonnull(strstr(with[3 * i].recipe, "\"frame\": 1,"));
            g_assert_nonnull(strstr(with[3 * i + 1].recipe, "\"frame\": 2,"));
            g_assert_null(strstr(with[3 * i + 2].recipe, "\"frame\""));
        }
        free_all(plain, 3);
        free_all(with, 9);
    }
}

// A sampler that takes the estimate for the picture: what it ends with is the
// estimate of its last step.
static void the_last_frame_is_the_estimate_of_the_last_step(void)
{
    g_autofree char *path = write_sampler("believe.lua", "return x0");
    SfmJobParams params = noise_request();
    params.sampler = path;
    params.num_images = 2;
    params.settings = three_frames;
    SfmImage *images = run_on("reference", &params);

    assert_same_pixels(&images[2], &images[3]);
    assert_same_pixels(&images[6], &images[7]);
    g_assert_cmpint(memcmp(images[1].pixels, images[3].pixels, COUNT * sizeof(float)), !=, 0);
    free_all(images, 8);
    g_unlink(path);
}

static char *write_whole_sampler(const char *name, const char *body)
{
    char *path = g_build_filename(folder, name, NULL);
    g_autofree char *text = g_strdup_printf("return diffusion.sampler { api = 1, name = 'test', "
                                            "title = 'Test', sample = function(ctx, x, sigmas) "
                                            "%s return x end }",
                                            body);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    return path;
}

static void steps_that_are_passed_over_have_the_next_estimate(void)
{
    g_autofree char *path =
        write_whole_sampler("leap.lua", "x = ctx:step(3, (ctx:denoise(x, sigmas[1])))");
    SfmJobParams params = noise_request();
    params.sampler = path;
    params.settings = three_frames;
    SfmImage *images = run_on("reference", &params);

    for (int i = 0; i < 3; i++)
        assert_same_pixels(&images[i], &images[3]);
    free_all(images, 4);
    g_unlink(path);
}

static void refuses_more_frames_than_steps(void)
{
    SfmJobParams params = noise_request();

    params.settings = three_frames;
    params.num_steps = 2;
    refuses(&params, SFM_ERROR_BAD_ARGUMENT,
            "frames: 3 were asked for of a run of 2 steps; ask for fewer, or take more steps");
}

static void refuses_frames_of_a_sampler_that_makes_no_estimates(void)
{
    g_autofree char *path =
        write_whole_sampler("blind.lua", "for i = 1, #sigmas - 1 do x = ctx:step(i, x) end");
    SfmJobParams params = noise_request();

    params.sampler = path;
    params.settings = two_frames;
    refuses(&params, SFM_ERROR_UNSUPPORTED,
            "frames: sampler test asks for no estimate of the clean picture*");
    g_unlink(path);
}

// ---- previews ---------------------------------------------------------------

typedef struct {
    int num;
    float pixels[8][COUNT];
} Seen;

static void see(const SfmImage *estimate, void *user_data)
{
    Seen *seen = user_data;

    g_assert_cmpint(estimate->width * estimate->height * estimate->channels, ==, COUNT);
    g_assert_null(estimate->recipe);
    g_assert_cmpint(seen->num, <, 8);
    memcpy(seen->pixels[seen->num++], estimate->pixels, COUNT * sizeof(float));
}

static void a_preview_changes_nothing_and_is_what_a_frame_is(void)
{
    for (size_t k = 0; k < G_N_ELEMENTS(devices); k++) {
        g_autofree Seen *seen = g_new0(Seen, 1);
        SfmJobParams params = noise_request();
        params.num_images = 2; // at once
        params.settings = three_frames;
        SfmImage *plain = run_on(devices[k], &params);
        params.preview = see;
        params.preview_interval = 1e-9;
        params.user_data = seen;
        SfmImage *with = run_on(devices[k], &params);

        g_assert_cmpint(seen->num, ==, 3);
        for (int i = 0; i < 3; i++)
            g_assert_cmpmem(seen->pixels[i], sizeof seen->pixels[i], plain[i].pixels,
                            sizeof seen->pixels[i]);
        for (int i = 0; i < 8; i++) {
            assert_same_pixels(&plain[i], &with[i]);
            g_assert_cmpstr(plain[i].recipe, ==, with[i].recipe);
        }
        free_all(plain, 8);
        free_all(with, 8);
    }
}

static void a_preview_comes_no_more_often_than_asked(void)
{
    g_autofree Seen *seen = g_new0(Seen, 1);
    SfmJobParams params = noise_request();
    params.preview = see;
    params.preview_interval = 1e30;
    params.user_data = seen;
    free_all(run_on("reference", &params), 1);

    g_assert_cmpint(seen->num, ==, 1);
}

// Whatever is done to the result is done to what is shown of it: here the
// black half of the mask, which is the picture itself.
static void a_preview_has_the_last_word_of_its_job(void)
{
    g_autofree Seen *seen = g_new0(Seen, 1);
    float mask[SIDE * SIDE] = { 0 };
    SfmJobParams params = request(SFM_JOB_INPAINT);
    for (int i = 0; i < SIDE * SIDE / 2; i++)
        mask[i] = 1.0F;
    params.inputs[1] = (SfmPicture){ SIDE, SIDE, 1, mask };
    params.preview = see;
    params.user_data = seen;
    free_all(run_on("reference", &params), 1);

    g_assert_cmpint(seen->num, >=, 1);
    g_assert_cmpmem(seen->pixels[0] + COUNT / 2, COUNT / 2 * sizeof(float), slope + COUNT / 2,
                    COUNT / 2 * sizeof(float));
}

// ---- one alone --------------------------------------------------------------

static void assert_alone_as_among_all(const char *device, SfmJobParams params)
{
    params.only = 0;
    SfmImage *all = run_on(device, &params);
    const int each = sfm_job_num_pictures(&params) / params.num_images;
    params.only = 2;
    SfmImage *one = run_on(device, &params);

    g_assert_cmpint(sfm_job_num_pictures(&params), ==, each);
    for (int i = 0; i < each; i++) {
        assert_same_pixels(&one[i], &all[each + i]);
        g_assert_cmpstr(one[i].recipe, ==, all[each + i].recipe);
    }
    free_all(all, each * params.num_images);
    free_all(one, each);
}

static void an_image_alone_is_what_it_is_among_all(void)
{
    for (size_t k = 0; k < G_N_ELEMENTS(devices); k++) {
        SfmJobParams params = noise_request();
        params.num_images = 3;
        params.settings = two_frames;
        assert_alone_as_among_all(devices[k], params);
    }
}

static void an_image_alone_has_torchs_noise_of_all(void)
{
    SfmJobParams params = noise_request();
    params.num_images = 3;
    params.noise = SFM_NOISE_TORCH;
    assert_alone_as_among_all("reference", params);
}

static void an_image_alone_keeps_its_place_between_two(void)
{
    float black[COUNT] = { 0 };
    SfmJobParams params = request(SFM_JOB_INTERPOLATE);
    params.inputs[1] = (SfmPicture){ SIDE, SIDE, 3, black };
    params.num_images = 3;
    assert_alone_as_among_all("reference", params);
}

static void refuses_one_that_is_none_of_all(void)
{
    SfmJobParams params = noise_request();

    params.num_images = 3;
    params.only = 4;
    refuses(&params, SFM_ERROR_BAD_ARGUMENT, "only: 4 is not in 0 .. 3, the count");
}

int main(int argc, char **argv)
{
    open_trial(&argc, &argv);
#define TEST(name) g_test_add_func("/job_frames/" #name, name)
    TEST(an_image_has_its_frames_beside_it);
    TEST(frames_come_before_their_image_and_change_nothing);
    TEST(the_last_frame_is_the_estimate_of_the_last_step);
    TEST(steps_that_are_passed_over_have_the_next_estimate);
    TEST(refuses_more_frames_than_steps);
    TEST(refuses_frames_of_a_sampler_that_makes_no_estimates);
    TEST(a_preview_changes_nothing_and_is_what_a_frame_is);
    TEST(a_preview_comes_no_more_often_than_asked);
    TEST(a_preview_has_the_last_word_of_its_job);
    TEST(an_image_alone_is_what_it_is_among_all);
    TEST(an_image_alone_has_torchs_noise_of_all);
    TEST(an_image_alone_keeps_its_place_between_two);
    TEST(refuses_one_that_is_none_of_all);
    return run_trial();
}
