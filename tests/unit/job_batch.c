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

int main(int argc, char **argv)
{
    open_trial(&argc, &argv);

#define TEST(name) g_test_add_func("/job/batch/" #name, name)
    TEST(the_references_give_the_same_in_any_company);
    TEST(plain_shaders_give_the_same_in_any_company);
    TEST(kernels_for_gpus_give_the_same_in_any_company);
    TEST(kernels_on_halves_give_the_same_in_any_company);
    TEST(a_devices_own_kernels_give_the_same_in_any_company);
    return run_trial();
}
