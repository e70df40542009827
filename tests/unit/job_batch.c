// SPDX-License-Identifier: GPL-3.0-or-later
//
// A recipe gives the same bytes, with each family of kernels: whatever the batch, the
// place in it, little memory, and whoever looks on.

#include "job_trial.h"

#include <string.h>

#include "support/vulkan.h"

enum { NUM = 5 };

static void look(const SfmImage *estimate, void *user_data)
{
    (*(int *)user_data)++;
}

static SfmEngine *open_device(const char *device)
{
    const SfmEngineParams params = { .device = device, .data_dir = data_dir };
    g_autoptr(GError) error = NULL;
    SfmEngine *engine = sfm_engine_new(&params, &error);

    g_assert_no_error(error);
    keep_drivers();
    return engine;
}

// Images `first` .. of those that are made are those of the whole.
static void gives_the_same(SfmEngine *engine, const SfmJobParams *params, const SfmImage *whole,
                           int first)
{
    const int num = sfm_job_num_pictures(params);
    SfmImage images[NUM] = { 0 };
    g_autoptr(GError) error = NULL;

    sfm_engine_run(engine, params, images, &error);
    g_assert_no_error(error);
    for (int i = 0; i < num; i++) {
        g_assert_cmpmem(images[i].pixels, COUNT * sizeof(float), whole[first + i].pixels,
                        COUNT * sizeof(float));
        g_assert_cmpstr(images[i].recipe, ==, whole[first + i].recipe);
        sfm_image_clear(&images[i]);
    }
}

static void gives_the_same_in_any_company(const char *device)
{
    g_autoptr(SfmEngine) engine = open_device(device);
    SfmJobParams params = { .model = model_path, .sampler = "ddpm", .num_steps = 2, .seed = 7 };
    SfmImage whole[NUM] = { 0 };
    g_autoptr(GError) error = NULL;
    uint64_t one = 0;
    int looks = 0;

    params.num_images = NUM;
    sfm_engine_run(engine, &params, whole, &error);
    g_assert_no_error(error);
    for (int batch = 1; batch <= 3; batch++) {
        params.num_images = batch;
        gives_the_same(engine, &params, whole, 0);
    }
    g_assert_true(sfm_engine_job_memory(
        engine, &(SfmJobParams){ .model = model_path, .sampler = "ddpm" }, &one, NULL));

    params.num_images = NUM;
    params.only = 4;
    gives_the_same(engine, &params, whole, 3);
    params.only = 0;
    params.memory = one;
    gives_the_same(engine, &params, whole, 0);
    params.memory = 0;
    params.preview = look;
    params.preview_interval = 1e-6;
    params.user_data = &looks;
    gives_the_same(engine, &params, whole, 0);
    g_assert_cmpint(looks, >, 0);
    for (int i = 0; i < NUM; i++)
        sfm_image_clear(&whole[i]);
}

static void the_references_give_the_same_in_any_company(void)
{
    gives_the_same_in_any_company("reference");
}

static void family_gives_the_same_in_any_company(const char *family)
{
    g_setenv("SFUMATO_KERNELS", family, TRUE);
    gives_the_same_in_any_company(NULL);
    g_unsetenv("SFUMATO_KERNELS");
}

static void plain_shaders_give_the_same_in_any_company(void)
{
    family_gives_the_same_in_any_company("plain");
}

static void kernels_for_gpus_give_the_same_in_any_company(void)
{
    family_gives_the_same_in_any_company("gpu-fp32");
}

static void kernels_on_halves_give_the_same_in_any_company(void)
{
    family_gives_the_same_in_any_company("gpu");
}

static void a_devices_own_kernels_give_the_same_in_any_company(void)
{
    gives_the_same_in_any_company(NULL);
}

// ---- the family that a recipe names -----------------------------------------

static SfmImage make(SfmEngine *engine, SfmMaker maker)
{
    const SfmJobParams params = {
        .model = model_path, .sampler = "ddpm", .num_steps = 2, .seed = 7, .maker = maker
    };
    g_autoptr(GError) error = NULL;
    SfmImage image = { 0 };

    sfm_engine_run(engine, &params, &image, &error);
    g_assert_no_error(error);
    return image;
}

static void assert_same(const SfmImage *a, const SfmImage *b)
{
    g_assert_cmpmem(a->pixels, COUNT * sizeof(float), b->pixels, COUNT * sizeof(float));
    g_assert_cmpstr(a->recipe, ==, b->recipe);
}

static SfmImage make_on_halves(void)
{
    g_setenv("SFUMATO_KERNELS", "gpu", TRUE);
    g_autoptr(SfmEngine) engine = open_device(NULL);
    g_unsetenv("SFUMATO_KERNELS");
    return make(engine, (SfmMaker){ 0 });
}

// One engine goes from family to family.
static void a_picture_is_made_again_with_the_family_that_made_it(void)
{
    g_auto(SfmImage) halves = make_on_halves();
    g_autoptr(SfmEngine) engine = open_device(NULL);
    const char *own = sfm_engine_family(engine, NULL);
    const SfmMaker gpu = { "gpu", sfm_engine_device(engine) };
    g_auto(SfmImage) usual = make(engine, (SfmMaker){ 0 }), again = make(engine, gpu);
    g_auto(SfmImage) back = make(engine, (SfmMaker){ .family = "lost", .device = gpu.device });

    assert_same(&again, &halves);
    assert_same(&back, &usual);
    g_assert_nonnull(strstr(halves.recipe, "\"precision\": \"fp16\", \"family\": \"gpu\", "));
    g_assert_cmpstr(sfm_engine_family(engine, &gpu), ==, "gpu");
    g_assert_cmpstr(sfm_engine_family(engine, NULL), ==, own); // whatever ran last
    if (!g_str_has_prefix(own, "gpu")) {
        g_assert_nonnull(strstr(usual.recipe, "\"precision\": \"fp32\", "));
        g_assert_true(memcmp(usual.pixels, halves.pixels, COUNT * sizeof(float)) != 0);
    }
}

static void the_references_are_a_family_of_their_own(void)
{
    g_autoptr(SfmEngine) engine = open_device("reference");
    g_auto(SfmImage) image = make(engine, (SfmMaker){ "gpu", "reference" });

    g_assert_cmpstr(sfm_engine_family(engine, &(SfmMaker){ "gpu", "reference" }), ==, "reference");
    g_assert_nonnull(strstr(image.recipe, "\"precision\": \"fp32\", \"family\": \"reference\", "));
}

// A thousand million times what the network was made for: halves end at 65504, and floats do not.
static void an_overflow_of_halves_names_the_remedy(void)
{
    g_autofree char *loud =
        write_sampler("loud.lua", "local _, noise = ctx:denoise(x * 1e9, a) return noise");
    SfmJobParams params = { .model = model_path, .sampler = loud, .num_steps = 2, .seed = 7 };
    g_autoptr(SfmEngine) engine = open_device(NULL);
    g_auto(SfmImage) image = { 0 };
    g_autoptr(GError) error = NULL;

    params.maker = (SfmMaker){ "gpu", sfm_engine_device(engine) };
    g_assert_false(sfm_engine_run(engine, &params, &image, &error));
    g_assert_error(error, SFM_ERROR, SFM_ERROR_BAD_NUMBER);
    g_assert_true(g_pattern_match_simple(
        "*not finite*; the kernels \"gpu\" store halves, of at most 65504, which may be too small "
        "for this model: set SFUMATO_KERNELS=gpu-fp32 in the environment",
        error->message));
    g_clear_error(&error);
    params.maker.family = "gpu-fp32";
    sfm_engine_run(engine, &params, &image, &error);
    g_assert_no_error(error);
    g_unlink(loud);
}

static void a_number_that_is_none_on_floats_names_no_halves(void)
{
    g_autofree char *odd = write_sampler("odd.lua", "return (-x:abs() - 1):sqrt()");
    const SfmJobParams params = { .model = model_path, .sampler = odd, .num_steps = 2 };
    g_autoptr(SfmEngine) engine = open_device("reference");
    g_auto(SfmImage) image = { 0 };
    g_autoptr(GError) error = NULL;

    g_assert_false(sfm_engine_run(engine, &params, &image, &error));
    g_assert_error(error, SFM_ERROR, SFM_ERROR_BAD_NUMBER);
    g_assert_null(strstr(error->message, "halves"));
    g_unlink(odd);
}

int main(int argc, char **argv)
{
    open_trial(&argc, &argv);

#define TEST(name) g_test_add_func("/job/batch/" #name, name)
    TEST(the_references_give_the_same_in_any_company);
    TEST(plain_shaders_give_the_same_in_any_company);
    TEST(kernels_for_gpus_give_the_same_in_any_company);
    TEST(kernels_on_halves_give_the_same_in_any_company);
    TEST(a_devices_own_kernels_give_the_same_in_any_company);
    TEST(a_picture_is_made_again_with_the_family_that_made_it);
    TEST(the_references_are_a_family_of_their_own);
    TEST(an_overflow_of_halves_names_the_remedy);
    TEST(a_number_that_is_none_on_floats_names_no_halves);
    return run_trial();
}
