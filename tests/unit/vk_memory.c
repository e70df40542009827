// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which memory is taken and when it is mapped, on devices that are made up; then
// what is not mapped, on the real one that is told to be a discrete GPU.

#include "vk/memory.h"

#include "support/vulkan.h"
#include "vk/state.h"

#define LOCAL   VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT
#define VISIBLE (VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT)
#define CACHED  VK_MEMORY_PROPERTY_HOST_CACHED_BIT

static SfmRunner *runner;
static uint32_t type_taken;
static int num_mapped;
static VkDeviceSize size_wanted;
static char pool[64];

static VkResult create_buffer(VkDevice d, const VkBufferCreateInfo *info,
                              const VkAllocationCallbacks *a, VkBuffer *out)
{
    *out = (VkBuffer)(uintptr_t)1;
    size_wanted = info->size;
    return VK_SUCCESS;
}

static void destroy_buffer(VkDevice d, VkBuffer buffer, const VkAllocationCallbacks *a)
{
}

static void get_requirements(VkDevice d, VkBuffer buffer, VkMemoryRequirements *out)
{
    *out = (VkMemoryRequirements){ .size = size_wanted, .alignment = 16, .memoryTypeBits = 0x7 };
}

static VkResult allocate(VkDevice d, const VkMemoryAllocateInfo *info,
                         const VkAllocationCallbacks *a, VkDeviceMemory *out)
{
    type_taken = info->memoryTypeIndex;
    *out = (VkDeviceMemory)(uintptr_t)2;
    return VK_SUCCESS;
}

static void free_memory(VkDevice d, VkDeviceMemory memory, const VkAllocationCallbacks *a)
{
}

static VkResult bind(VkDevice d, VkBuffer buffer, VkDeviceMemory memory, VkDeviceSize offset)
{
    return VK_SUCCESS;
}

static VkResult map(VkDevice d, VkDeviceMemory memory, VkDeviceSize offset, VkDeviceSize size,
                    VkMemoryMapFlags flags, void **out)
{
    num_mapped++;
    *out = pool;
    return VK_SUCCESS;
}

// A device of three types of memory and a heap of 3 MiB.
static SfmDevice made_up(VkPhysicalDeviceType kind)
{
    num_mapped = 0;
    return (SfmDevice){
        .fn = { .vkCreateBuffer = create_buffer,
                .vkDestroyBuffer = destroy_buffer,
                .vkGetBufferMemoryRequirements = get_requirements,
                .vkAllocateMemory = allocate,
                .vkFreeMemory = free_memory,
                .vkBindBufferMemory = bind,
                .vkMapMemory = map },
        .physical = { .properties.deviceType = kind,
                      .memory_size = 3 << 20,
                      .memory = { .memoryTypeCount = 3,
                                  .memoryTypes = { { VISIBLE, 0 },
                                                   { LOCAL, 0 },
                                                   { LOCAL | VISIBLE | CACHED, 0 } } } },
    };
}

static void assert_takes(VkPhysicalDeviceType device, SfmVkMemoryKind kind, uint32_t type,
                         bool mapped)
{
    SfmDevice dev = made_up(device);
    g_autoptr(SfmVkMemory) memory = sfm_vk_memory_new(&dev, kind, 64, "test", NULL);

    g_assert_nonnull(memory);
    g_assert_cmpuint(type_taken, ==, type);
    g_assert_cmpint(num_mapped, ==, mapped);
    g_assert_true(!memory->mapped == !mapped);
}

static void is_mapped_where_host_and_device_share_it(void)
{
    assert_takes(VK_PHYSICAL_DEVICE_TYPE_CPU, SFM_VK_MEMORY_DEVICE, 2, true);
    assert_takes(VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU, SFM_VK_MEMORY_DEVICE, 2, true);
    assert_takes(VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU, SFM_VK_MEMORY_DEVICE, 1, false);
    assert_takes(VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU, SFM_VK_MEMORY_STAGING, 2, true);
}

static void says_how_much_is_needed_and_left(void)
{
    SfmDevice dev = made_up(VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU);
    g_autoptr(SfmVkMemory) first =
        sfm_vk_memory_new(&dev, SFM_VK_MEMORY_DEVICE, 2 << 20, "first", NULL);
    g_autoptr(GError) error = NULL;

    g_assert_nonnull(first);
    g_assert_cmpuint(sfm_device_memory_free(&dev), ==, 1 << 20);
    g_assert_null(sfm_vk_memory_new(&dev, SFM_VK_MEMORY_DEVICE, 2 << 20, "second", &error));
    g_assert_error(error, SFM_ERROR, SFM_ERROR_NO_MEMORY);
    g_assert_cmpstr(error->message, ==,
                    "second: 2097152 bytes of device memory are needed, and 1048576 are left");
    g_assert_cmpuint(dev.allocated, ==, 2 << 20);
}

static void keeps_to_a_limit_and_has_it_all_again_without(void)
{
    SfmDevice dev = made_up(VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU);
    g_autoptr(GError) error = NULL;
    dev.limit = 1000;
    g_autoptr(SfmVkMemory) first = sfm_vk_memory_new(&dev, SFM_VK_MEMORY_DEVICE, 600, "one", NULL);

    g_assert_nonnull(first);
    g_assert_cmpuint(sfm_device_memory_free(&dev), ==, 400);
    g_assert_null(sfm_vk_memory_new(&dev, SFM_VK_MEMORY_DEVICE, 401, "two", &error));
    g_assert_cmpstr(error->message, ==,
                    "two: 401 bytes of device memory are needed, and 400 are left");
    g_assert_cmpuint(dev.allocated, ==, 600);
    dev.limit = 0;
    g_autoptr(SfmVkMemory) third = sfm_vk_memory_new(&dev, SFM_VK_MEMORY_DEVICE, 401, "3", NULL);
    g_assert_nonnull(third);
}

// More than the staging memory holds, so that it goes piece by piece.
static void goes_through_staging_where_it_is_not_mapped(void)
{
    SfmDevice *dev = sfm_vk_runner(runner)->dev;
    const VkPhysicalDeviceType kind = dev->physical.properties.deviceType;
    const size_t count = 5 << 20; // floats
    g_autofree float *data = g_new(float, count), *got = g_new0(float, count);
    for (size_t i = 0; i < count; i++)
        data[i] = (float)i;

    dev->physical.properties.deviceType = VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU;
    SfmBuffer *buffer = sfm_buffer_new(runner, SFM_SHAPE(1, 5, 1024, 1024), NULL);
    dev->physical.properties.deviceType = kind;

    g_assert_null(((SfmVkBuffer *)buffer)->memory->mapped);
    g_assert_true(sfm_buffer_write(runner, buffer, data, NULL));
    g_assert_true(sfm_buffer_read(runner, buffer, got, NULL));
    g_assert_cmpmem(got, count * sizeof(float), data, count * sizeof(float));
    sfm_buffer_free(runner, buffer);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    runner = vulkan_runner();

#define TEST(name) g_test_add_func("/vk/memory/" #name, name)
    TEST(is_mapped_where_host_and_device_share_it);
    TEST(says_how_much_is_needed_and_left);
    TEST(keeps_to_a_limit_and_has_it_all_again_without);
    TEST(goes_through_staging_where_it_is_not_mapped);
    const int result = g_test_run();
    sfm_runner_free(runner);
    return result;
}
