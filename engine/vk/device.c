// SPDX-License-Identifier: GPL-3.0-or-later
#include "vk/device.h"

#include <string.h>

#include "vk/check.h"

static bool open_device(SfmDevice *dev, GError **error)
{
    const SfmPhysical *p = &dev->physical;
    const VkDeviceQueueCreateInfo queue = {
        .sType = VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO,
        .queueFamilyIndex = (uint32_t)p->queue_family,
        .queueCount = 1,
        .pQueuePriorities = &(float){ 1.0f },
    };
    // The kernels for lavapipe load zeros from outside; there it costs nothing,
    // because llvmpipe checks every index anyway. On a GPU it would. They store
    // 64 bits at a time.
    const bool robust = p->robust && p->properties.deviceType == VK_PHYSICAL_DEVICE_TYPE_CPU;
    VkPhysicalDeviceRobustness2FeaturesEXT robustness = {
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_ROBUSTNESS_2_FEATURES_EXT,
        .robustBufferAccess2 = VK_TRUE,
    };
    VkPhysicalDevice16BitStorageFeatures halves = {
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_16BIT_STORAGE_FEATURES,
        .pNext = robust ? &robustness : NULL,
        .storageBuffer16BitAccess = p->halves,
    };
    const VkPhysicalDeviceFeatures features = {
        .robustBufferAccess = robust,
        .shaderInt64 = robust && p->int64,
    };

    const char *extensions[2];
    uint32_t num_extensions = 0;
    if (p->memory_budget)
        extensions[num_extensions++] = VK_EXT_MEMORY_BUDGET_EXTENSION_NAME;
    if (robust)
        extensions[num_extensions++] = VK_EXT_ROBUSTNESS_2_EXTENSION_NAME;

    const VkDeviceCreateInfo info = {
        .sType = VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO,
        .pNext = &halves,
        .queueCreateInfoCount = 1,
        .pQueueCreateInfos = &queue,
        .enabledExtensionCount = num_extensions,
        .ppEnabledExtensionNames = extensions,
        .pEnabledFeatures = &features,
    };

    if (!VK(dev->instance, error, vkCreateDevice, p->handle, &info, NULL, &dev->handle))
        return false;
    volkLoadDeviceTable(&dev->fn, dev->handle);
    dev->fn.vkGetDeviceQueue(dev->handle, queue.queueFamilyIndex, 0, &dev->queue);
    return true;
}

SfmDevice *sfm_device_new(SfmInstance *instance, const char *wanted, GError **error)
{
    g_autoptr(SfmDevice) dev = g_new0(SfmDevice, 1);
    dev->instance = instance;

    g_autoptr(GPtrArray) list = sfm_physical_list(instance, error);
    const SfmPhysical *physical = list ? sfm_physical_choose(list, wanted, error) : NULL;
    if (!physical)
        return NULL;
    dev->physical = *physical;

    if (!open_device(dev, error))
        return NULL;
    return g_steal_pointer(&dev);
}

void sfm_device_free(SfmDevice *dev)
{
    if (!dev)
        return;
    if (dev->handle) {
        dev->fn.vkDeviceWaitIdle(dev->handle); // a lost device has nothing left to wait for
        dev->fn.vkDestroyDevice(dev->handle, NULL);
    }
    sfm_instance_free(dev->instance);
    g_free(dev);
}

// What Linux says can be had without swapping; 0: it does not say.
static uint64_t system_memory(void)
{
    g_autofree char *text = NULL;
    if (!g_file_get_contents("/proc/meminfo", &text, NULL, NULL))
        return 0;
    const char *line = strstr(text, "MemAvailable:");
    return line ? g_ascii_strtoull(line + strlen("MemAvailable:"), NULL, 10) * 1024 : 0;
}

static uint64_t budget(const SfmDevice *dev)
{
    VkPhysicalDeviceMemoryBudgetPropertiesEXT said = {
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_BUDGET_PROPERTIES_EXT,
    };
    VkPhysicalDeviceMemoryProperties2 memory = {
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_PROPERTIES_2,
        .pNext = &said,
    };
    dev->instance->fn.vkGetPhysicalDeviceMemoryProperties2(dev->physical.handle, &memory);

    uint64_t most = 0;
    for (uint32_t i = 0; i < memory.memoryProperties.memoryHeapCount; i++) {
        const bool local =
            memory.memoryProperties.memoryHeaps[i].flags & VK_MEMORY_HEAP_DEVICE_LOCAL_BIT;
        if (local && said.heapBudget[i] > said.heapUsage[i])
            most = MAX(most, said.heapBudget[i] - said.heapUsage[i]);
    }
    return most;
}

// A device that is the CPU takes the system's memory, whatever size it gives its
// heap: Mesa 22.3 says 2 GiB on every machine.
static uint64_t memory_left(const SfmDevice *dev)
{
    const SfmPhysical *p = &dev->physical;
    const uint64_t available =
        p->properties.deviceType == VK_PHYSICAL_DEVICE_TYPE_CPU ? system_memory() : 0;

    if (available > 0)
        return available;
    if (p->memory_budget)
        return budget(dev);
    return p->memory_size - MIN(dev->allocated, p->memory_size);
}

uint64_t sfm_device_memory_free(const SfmDevice *dev)
{
    const uint64_t left = memory_left(dev);
    return dev->limit > 0 ? MIN(left, dev->limit - MIN(dev->allocated, dev->limit)) : left;
}
