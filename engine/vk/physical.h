// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_VK_PHYSICAL_H
#define SFM_VK_PHYSICAL_H

#include "vk/instance.h"

// What a device says of itself, as far as the engine asks.
typedef struct {
    VkPhysicalDevice handle;
    VkPhysicalDeviceProperties properties;
    VkPhysicalDeviceDriverProperties driver;      // zeroes where the driver does not say
    VkPhysicalDeviceSubgroupProperties subgroup;  // zeroes below Vulkan 1.1
    VkPhysicalDeviceMaintenance3Properties sizes; // likewise
    VkPhysicalDeviceMemoryProperties memory;
    uint64_t memory_size;    // bytes of the largest device-local heap
    int queue_family;        // one that computes, best without graphics; -1: none
    uint32_t timestamp_bits; // of that family; 0: no timestamps
    bool memory_budget;      // VK_EXT_memory_budget
    bool robust;             // VK_EXT_robustness2: texels outside a buffer read as zeros, and
                             // writes to them do nothing
    bool int64;              // shaders compute with 64-bit integers
    bool halves;             // buffers hold halves
    char cpu[64];            // the processor's model, where that is the device; "": unknown
} SfmPhysical;

// Every device that the drivers show: those that will do first, then the faster,
// then those with more memory; an index into this is what a user may give as a
// device. Elements are freed with the array. NULL: the loader refuses.
GPtrArray *sfm_physical_list(SfmInstance *instance, GError **error);

// Why the engine cannot run on it, a sentence; NULL: it can. The caller then
// owns it.
char *sfm_physical_unusable(const SfmPhysical *physical);

// The one of the list that `wanted` means: an index, a part of the name in any
// case, or NULL or "" for the first. Borrowed from the list. NULL, with
// SFM_ERROR_NO_DEVICE: there is none, or it will not do.
const SfmPhysical *sfm_physical_choose(const GPtrArray *list, const char *wanted, GError **error);

// Puts the list into its order.
void sfm_physical_sort(GPtrArray *list);

#endif
