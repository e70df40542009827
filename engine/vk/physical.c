// SPDX-License-Identifier: GPL-3.0-or-later
#include "vk/physical.h"

#include <string.h>

#include "base/cpu_model.h"
#include "vk/check.h"
#include "vk/kernel.h"

#define MIN_INVOCATIONS 256 // what groups have at most, of plain shaders and of those for GPUs

static void read_memory(SfmInstance *instance, SfmPhysical *p)
{
    instance->fn.vkGetPhysicalDeviceMemoryProperties(p->handle, &p->memory);
    for (uint32_t i = 0; i < p->memory.memoryHeapCount; i++) {
        const VkMemoryHeap *heap = &p->memory.memoryHeaps[i];
        if (heap->flags & VK_MEMORY_HEAP_DEVICE_LOCAL_BIT)
            p->memory_size = MAX(p->memory_size, heap->size);
    }
}

// A family without graphics is often one that runs beside the desktop's.
static void read_queues(SfmInstance *instance, SfmPhysical *p)
{
    uint32_t count = 0;
    instance->fn.vkGetPhysicalDeviceQueueFamilyProperties(p->handle, &count, NULL);
    g_autofree VkQueueFamilyProperties *families = g_new0(VkQueueFamilyProperties, count);
    instance->fn.vkGetPhysicalDeviceQueueFamilyProperties(p->handle, &count, families);

    bool alone = false;
    p->queue_family = -1;
    for (uint32_t i = 0; i < count; i++) {
        const bool without_graphics = !(families[i].queueFlags & VK_QUEUE_GRAPHICS_BIT);
        if (!(families[i].queueFlags & VK_QUEUE_COMPUTE_BIT) ||
            (p->queue_family >= 0 && (alone || !without_graphics)))
            continue;
        p->queue_family = (int)i;
        p->timestamp_bits = families[i].timestampValidBits;
        alone = without_graphics;
    }
}

static bool has_extension(const VkExtensionProperties *all, uint32_t count, const char *name)
{
    for (uint32_t i = 0; i < count; i++) {
        if (g_str_equal(all[i].extensionName, name))
            return true;
    }
    return false;
}

static void read_features(SfmInstance *instance, SfmPhysical *p)
{
    VkPhysicalDeviceRobustness2FeaturesEXT robustness = {
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_ROBUSTNESS_2_FEATURES_EXT,
    };
    VkPhysicalDevice16BitStorageFeatures halves = {
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_16BIT_STORAGE_FEATURES,
        .pNext = &robustness,
    };
    VkPhysicalDeviceFeatures2 features = {
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2,
        .pNext = &halves,
    };
    instance->fn.vkGetPhysicalDeviceFeatures2(p->handle, &features);
    p->robust = robustness.robustBufferAccess2;
    p->int64 = features.features.shaderInt64;
    p->halves = halves.storageBuffer16BitAccess;
}

static bool read_properties(SfmInstance *instance, SfmPhysical *p, GError **error)
{
    uint32_t count = 0;
    if (!VK(instance, error, vkEnumerateDeviceExtensionProperties, p->handle, NULL, &count, NULL))
        return false;
    g_autofree VkExtensionProperties *all = g_new0(VkExtensionProperties, count);
    if (!VK(instance, error, vkEnumerateDeviceExtensionProperties, p->handle, NULL, &count, all))
        return false;

    p->memory_budget = has_extension(all, count, VK_EXT_MEMORY_BUDGET_EXTENSION_NAME);
    read_features(instance, p);
    p->robust = p->robust && has_extension(all, count, VK_EXT_ROBUSTNESS_2_EXTENSION_NAME);
    const bool says_driver = p->properties.apiVersion >= VK_API_VERSION_1_2 ||
                             has_extension(all, count, VK_KHR_DRIVER_PROPERTIES_EXTENSION_NAME);

    p->driver.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_DRIVER_PROPERTIES;
    p->sizes.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MAINTENANCE_3_PROPERTIES;
    p->sizes.pNext = says_driver ? &p->driver : NULL;
    p->subgroup.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SUBGROUP_PROPERTIES;
    p->subgroup.pNext = &p->sizes;
    VkPhysicalDeviceProperties2 properties = {
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2,
        .pNext = &p->subgroup,
    };
    instance->fn.vkGetPhysicalDeviceProperties2(p->handle, &properties);
    p->subgroup.pNext = p->sizes.pNext = NULL;
    return true;
}

static bool read_physical(SfmInstance *instance, SfmPhysical *p, GError **error)
{
    instance->fn.vkGetPhysicalDeviceProperties(p->handle, &p->properties);
    read_memory(instance, p);
    read_queues(instance, p);
    if (p->properties.deviceType == VK_PHYSICAL_DEVICE_TYPE_CPU)
        sfm_cpu_model(p->cpu, sizeof p->cpu);
    return p->properties.apiVersion < VK_API_VERSION_1_1 || read_properties(instance, p, error);
}

GPtrArray *sfm_physical_list(SfmInstance *instance, GError **error)
{
    uint32_t count = 0;
    if (!VK(instance, error, vkEnumeratePhysicalDevices, instance->handle, &count, NULL))
        return NULL;
    g_autofree VkPhysicalDevice *handles = g_new0(VkPhysicalDevice, count);
    if (!VK(instance, error, vkEnumeratePhysicalDevices, instance->handle, &count, handles))
        return NULL;

    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
    for (uint32_t i = 0; i < count; i++) {
        SfmPhysical *p = g_new0(SfmPhysical, 1);
        g_ptr_array_add(list, p);
        p->handle = handles[i];
        if (!read_physical(instance, p, error))
            return NULL;
    }
    sfm_physical_sort(list);
    return g_steal_pointer(&list);
}

char *sfm_physical_unusable(const SfmPhysical *p)
{
    const VkPhysicalDeviceLimits *limits = &p->properties.limits;
    const uint32_t version = p->properties.apiVersion;

    if (version < VK_API_VERSION_1_1)
        return g_strdup_printf("its driver has Vulkan %u.%u, and 1.1 is needed",
                               VK_API_VERSION_MAJOR(version), VK_API_VERSION_MINOR(version));
    if (p->queue_family < 0)
        return g_strdup("it has no queue that computes");
    if (limits->maxComputeWorkGroupInvocations < MIN_INVOCATIONS ||
        limits->maxComputeWorkGroupSize[0] < MIN_INVOCATIONS)
        return g_strdup_printf("its workgroups hold %u invocations, and %d are needed",
                               limits->maxComputeWorkGroupInvocations, MIN_INVOCATIONS);
    if (limits->maxPerStageDescriptorStorageBuffers < SFM_MAX_BINDINGS)
        return g_strdup_printf("its shaders bind %u buffers, and %d are needed",
                               limits->maxPerStageDescriptorStorageBuffers, SFM_MAX_BINDINGS);
    return NULL;
}

// How fast a device of its kind tends to be; 0 is fastest.
static int rank(const SfmPhysical *p)
{
    switch (p->properties.deviceType) {
    case VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU:
        return 0;
    case VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU:
        return 1;
    case VK_PHYSICAL_DEVICE_TYPE_VIRTUAL_GPU:
        return 2;
    case VK_PHYSICAL_DEVICE_TYPE_CPU:
        return 3;
    default:
        return 4;
    }
}

static int compare(gconstpointer a, gconstpointer b)
{
    const SfmPhysical *x = *(SfmPhysical *const *)a, *y = *(SfmPhysical *const *)b;
    g_autofree char *x_unusable = sfm_physical_unusable(x);
    g_autofree char *y_unusable = sfm_physical_unusable(y);

    if (!x_unusable != !y_unusable)
        return x_unusable ? 1 : -1;
    if (rank(x) != rank(y))
        return rank(x) - rank(y);
    return (x->memory_size < y->memory_size) - (x->memory_size > y->memory_size);
}

void sfm_physical_sort(GPtrArray *list)
{
    g_ptr_array_sort(list, compare);
}

static bool name_contains(const SfmPhysical *p, const char *part)
{
    g_autofree char *name = g_utf8_casefold(p->properties.deviceName, -1);
    g_autofree char *wanted = g_utf8_casefold(part, -1);
    return strstr(name, wanted) != NULL;
}

static const SfmPhysical *find(const GPtrArray *list, const char *wanted)
{
    guint64 index;
    if (!wanted || !*wanted)
        return list->len > 0 ? list->pdata[0] : NULL;
    if (g_ascii_string_to_unsigned(wanted, 10, 0, G_MAXUINT, &index, NULL))
        return index < list->len ? list->pdata[index] : NULL;

    for (guint i = 0; i < list->len; i++) {
        if (name_contains(list->pdata[i], wanted))
            return list->pdata[i];
    }
    return NULL;
}

static void fail_to_find(const GPtrArray *list, const char *wanted, GError **error)
{
    if (list->len == 0) {
        sfm_fail(error, SFM_ERROR_NO_DEVICE,
                 "no Vulkan device on this system: install mesa-vulkan-drivers");
        return;
    }

    g_autoptr(GString) names = g_string_new(NULL);
    for (guint i = 0; i < list->len; i++) {
        const SfmPhysical *p = list->pdata[i];
        g_string_append_printf(names, "%s%u \"%s\"", i ? ", " : "", i, p->properties.deviceName);
    }
    sfm_fail(error, SFM_ERROR_NO_DEVICE, "no device \"%s\"; there is %s", wanted, names->str);
}

const SfmPhysical *sfm_physical_choose(const GPtrArray *list, const char *wanted, GError **error)
{
    const SfmPhysical *p = find(list, wanted);
    if (!p) {
        fail_to_find(list, wanted, error);
        return NULL;
    }

    g_autofree char *unusable = sfm_physical_unusable(p);
    if (unusable) {
        sfm_fail(error, SFM_ERROR_NO_DEVICE, "device \"%s\" will not do: %s",
                 p->properties.deviceName, unusable);
        return NULL;
    }
    return p;
}
