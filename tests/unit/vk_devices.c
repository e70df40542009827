// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which device is taken: first on devices that are made up, then on what there is.

#include "vk/devices.h"

#include "support/vulkan.h"
#include "vk/physical.h"
#include "vk/target.h"

static GPtrArray *list;

static SfmPhysical *add(const char *name, VkPhysicalDeviceType type, uint64_t memory)
{
    SfmPhysical *p = g_new0(SfmPhysical, 1);
    g_strlcpy(p->properties.deviceName, name, sizeof(p->properties.deviceName));
    p->properties.deviceType = type;
    p->properties.apiVersion = VK_API_VERSION_1_1;
    p->properties.limits.maxComputeWorkGroupInvocations = 256;
    p->properties.limits.maxComputeWorkGroupSize[0] = 256;
    p->properties.limits.maxPerStageDescriptorStorageBuffers = 16;
    p->memory_size = memory;
    g_ptr_array_add(list, p);
    return p;
}

static void setup(void)
{
    list = g_ptr_array_new_with_free_func(g_free);
    add("Soft", VK_PHYSICAL_DEVICE_TYPE_CPU, 64);
    add("Inside", VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU, 32);
    add("Small", VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU, 4);
    add("Large", VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU, 8);
}

static void teardown(void)
{
    g_clear_pointer(&list, g_ptr_array_unref);
}

static char *identity_on(const char *cpu)
{
    const SfmPhysical *soft = list->pdata[0];
    SfmPhysical other = *soft;
    SfmVkTarget target = { 0 };
    GError *error = NULL;

    g_strlcpy(other.cpu, cpu, sizeof other.cpu);
    g_assert_true(sfm_vk_target_init(&target, &other, &error));
    g_assert_no_error(error);
    char *identity = g_strdup(target.identity);
    sfm_vk_target_clear(&target);
    return identity;
}

static void what_was_measured_on_one_processor_is_not_for_another(void)
{
    setup();
    g_autofree char *one = identity_on("Fast 9"), *again = identity_on("Fast 9");
    g_autofree char *other = identity_on("Slow 1");
    g_assert_cmpstr(one, ==, again);
    g_assert_cmpstr(one, !=, other);
    teardown();
}

static void assert_chosen(const char *wanted, const char *name)
{
    g_autoptr(GError) error = NULL;
    sfm_physical_sort(list);
    const SfmPhysical *p = sfm_physical_choose(list, wanted, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(p->properties.deviceName, ==, name);
}

static void takes_the_fastest_with_most_memory(void)
{
    setup();
    assert_chosen(NULL, "Large");
    assert_chosen("", "Large");
    assert_chosen("1", "Small");
    assert_chosen("2", "Inside");
    assert_chosen("sOf", "Soft");
    assert_chosen("l", "Large"); // the first whose name has it
    teardown();
}

static void assert_unusable(const char *name, const char *why)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *message = g_strdup_printf("device \"%s\" will not do: %s", name, why);

    assert_chosen(NULL, "Large"); // it comes behind those that will do
    g_assert_null(sfm_physical_choose(list, name, &error));
    g_assert_error(error, SFM_ERROR, SFM_ERROR_NO_DEVICE);
    g_assert_cmpstr(error->message, ==, message);
}

static void says_why_a_device_will_not_do(void)
{
    setup();
    add("Old", VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU, 99)->properties.apiVersion =
        VK_API_VERSION_1_0;
    assert_unusable("Old", "its driver has Vulkan 1.0, and 1.1 is needed");
    add("Dumb", VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU, 99)->queue_family = -1;
    assert_unusable("Dumb", "it has no queue that computes");
    add("Narrow", VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU, 99)
        ->properties.limits.maxComputeWorkGroupInvocations = 128;
    assert_unusable("Narrow", "its workgroups hold 128 invocations, and 256 are needed");
    add("Few", VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU, 99)
        ->properties.limits.maxPerStageDescriptorStorageBuffers = 4;
    assert_unusable("Few", "its shaders bind 4 buffers, and 9 are needed");
    teardown();
}

static void names_what_there_is_when_none_matches(void)
{
    g_autoptr(GError) error = NULL;

    setup();
    sfm_physical_sort(list);
    g_assert_null(sfm_physical_choose(list, "7", &error));
    g_assert_cmpstr(error->message, ==,
                    "no device \"7\"; there is 0 \"Large\", 1 \"Small\", 2 \"Inside\", 3 \"Soft\"");
    teardown();
}

static void names_the_remedy_when_there_is_none_at_all(void)
{
    g_autoptr(GPtrArray) empty = g_ptr_array_new();
    g_autoptr(GError) error = NULL;

    g_assert_null(sfm_physical_choose(empty, NULL, &error));
    g_assert_error(error, SFM_ERROR, SFM_ERROR_NO_DEVICE);
    g_assert_cmpstr(error->message, ==,
                    "no Vulkan device on this system: install mesa-vulkan-drivers");
}

static void lists_what_the_drivers_show(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) infos = sfm_vk_list_devices(&error);

    g_assert_no_error(error);
    g_assert_cmpuint(infos->len, >=, 1);
    for (guint i = 0; i < infos->len; i++) {
        const SfmDeviceInfo *info = infos->pdata[i];
        g_assert_cmpint(info->index, ==, i);
        g_assert_cmpstr(info->name, !=, "");
        g_assert_cmpstr(info->driver, !=, "");
        g_assert_true(g_str_has_prefix(info->api_version, "1."));
        g_assert_cmpuint(info->memory_size, >, 0);
        g_assert_nonnull(info->features);
        g_test_message("%d %s, %s, %s, Vulkan %s: %s", info->index, info->name, info->kind,
                       info->driver, info->api_version, info->features);
    }
}

static gpointer list_often(gpointer unused)
{
    guint num = 0;
    for (int i = 0; i < 3; i++) {
        g_autoptr(GPtrArray) infos = sfm_vk_list_devices(NULL);
        g_assert_nonnull(infos);
        num = infos->len;
    }
    return GUINT_TO_POINTER(num);
}

static void may_be_listed_by_several_threads(void)
{
    GThread *threads[4];
    for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
        threads[i] = g_thread_new("list", list_often, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
        g_assert_cmpuint(GPOINTER_TO_UINT(g_thread_join(threads[i])), >=, 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_unsetenv("SFUMATO_KERNELS");       // the made-up devices may not run what it names
    SfmRunner *runner = vulkan_runner(); // keeps the drivers loaded, for the leak checker

#define TEST(name) g_test_add_func("/vk/devices/" #name, name)
    TEST(takes_the_fastest_with_most_memory);
    TEST(what_was_measured_on_one_processor_is_not_for_another);
    TEST(says_why_a_device_will_not_do);
    TEST(names_what_there_is_when_none_matches);
    TEST(names_the_remedy_when_there_is_none_at_all);
    TEST(lists_what_the_drivers_show);
    TEST(may_be_listed_by_several_threads);
    const int result = g_test_run();
    sfm_runner_free(runner);
    return result;
}
