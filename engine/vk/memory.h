// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_VK_MEMORY_H
#define SFM_VK_MEMORY_H

#include "vk/device.h"

typedef enum {
    SFM_VK_MEMORY_DEVICE,  // for shaders; mapped where that costs nothing: on CPUs and integrated
                           // GPUs
    SFM_VK_MEMORY_STAGING, // on the way in or out; always mapped
} SfmVkMemoryKind;

// A buffer with memory of its own, that shaders may see as a storage buffer or
// as a storage texel buffer and that may be copied.
typedef struct {
    SfmDevice *dev; // borrowed; must outlive it
    VkBuffer buffer;
    VkDeviceMemory memory;
    size_t size;  // in bytes
    size_t taken; // of the device, for them
    void *mapped; // coherent; NULL: the host cannot see it
} SfmVkMemory;

// The contents are undefined. NULL, with SFM_ERROR_NO_MEMORY and the bytes that
// are needed and left, if there is not so much; the message starts with `what`.
SfmVkMemory *sfm_vk_memory_new(SfmDevice *dev, SfmVkMemoryKind kind, size_t size, const char *what,
                               GError **error);

// The device must have finished with it. NULL is a no-op.
void sfm_vk_memory_free(SfmVkMemory *memory);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SfmVkMemory, sfm_vk_memory_free)

// Whether `size` bytes can be had; if not, as sfm_vk_memory_new() says it.
bool sfm_vk_memory_check(SfmDevice *dev, size_t size, const char *what, GError **error);

#endif
