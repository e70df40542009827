// SPDX-License-Identifier: GPL-3.0-or-later
//
// A system without Vulkan's loader, and one without a driver, get a sentence.

#define _GNU_SOURCE // RTLD_NEXT
#include <dlfcn.h>
#include <glib.h>
#include <string.h>

#include "vk/devices.h"
#include "vk/runner.h"

static bool hide_loader;

// Stands before the C library's: volk asks here.
void *dlopen(const char *file, int mode)
{
    void *(*next)(const char *, int);
    void *found = dlsym(RTLD_NEXT, "dlopen"); // ISO C has no cast to a function
    memcpy(&next, &found, sizeof(next));
    return hide_loader && file && strstr(file, "libvulkan.so") ? NULL : next(file, mode);
}

static void assert_says(const char *message)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(sfm_vk_runner_new(NULL, &error));
    g_assert_error(error, SFM_ERROR, SFM_ERROR_NO_DEVICE);
    g_assert_cmpstr(error->message, ==, message);
    g_clear_error(&error);

    g_assert_null(sfm_vk_list_devices(&error));
    g_assert_error(error, SFM_ERROR, SFM_ERROR_NO_DEVICE);
    g_assert_cmpstr(error->message, ==, message);
}

static void says_that_there_is_no_loader(void)
{
    hide_loader = true;
    assert_says("no Vulkan on this system: install libvulkan1 and mesa-vulkan-drivers");

    g_autoptr(GError) error = NULL;
    g_assert_null(sfm_vk_find_loader(&error));
    g_assert_error(error, SFM_ERROR, SFM_ERROR_NO_DEVICE);
    g_assert_true(g_str_has_prefix(error->message, "no Vulkan on this system"));
    hide_loader = false;
}

static void says_that_there_is_no_driver(void)
{
    g_setenv("VK_DRIVER_FILES", "/nonexistent", TRUE);
    g_setenv("VK_ICD_FILENAMES", "/nonexistent", TRUE); // as loaders before 1.3.207 call it
    assert_says("no Vulkan driver on this system: install libvulkan1 and mesa-vulkan-drivers");
}

static void finds_the_loader_without_a_driver(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SfmLoaderInfo) info = sfm_vk_find_loader(&error);

    g_assert_no_error(error);
    g_assert_true(g_str_has_prefix(info->version, "1."));
    g_assert_cmpint(strlen(info->version), >=, 5); // "1.3.0"
}

static void says_which_layers_are_there(void)
{
    // Layers are looked for at each call; in a folder without any there is none.
    g_setenv("VK_LAYER_PATH", "/nonexistent", TRUE);
    g_autoptr(SfmLoaderInfo) info = sfm_vk_find_loader(NULL);
    g_assert_false(info->validation);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

#define TEST(name) g_test_add_func("/vk/absent/" #name, name)
    TEST(says_that_there_is_no_loader);
    TEST(says_that_there_is_no_driver);
    TEST(finds_the_loader_without_a_driver);
    TEST(says_which_layers_are_there);
    return g_test_run();
}
