// SPDX-License-Identifier: GPL-3.0-or-later
#include "vk/memory.h"

#include "vk/check.h"

#define MAPPED (VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT)
#define LOCAL  VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT
#define CACHED VK_MEMORY_PROPERTY_HOST_CACHED_BIT

// Asking how much is left takes tens of microseconds: more than a small tensor is worth.
#define WORTH_ASKING (1 << 20)

// Memory types to try, the best first.
static const VkMemoryPropertyFlags wishes[3][3] = {
    [SFM_VK_MEMORY_DEVICE] = { LOCAL, 0, 0 },
    [SFM_VK_MEMORY_STAGING] = { MAPPED | CACHED, MAPPED, MAPPED },
    { LOCAL | MAPPED | CACHED, LOCAL | MAPPED, LOCAL }, // device memory that the host sees too
};

static bool shares_memory(const SfmDevice *dev)
{
    return dev->physical.properties.deviceType == VK_PHYSICAL_DEVICE_TYPE_CPU ||
           dev->physical.properties.deviceType == VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU;
}

// The first type that fulfils the best wish; -1: none.
static int find_type(const SfmDevice *dev, SfmVkMemoryKind kind, uint32_t allowed)
{
    const VkPhysicalDeviceMemoryProperties *memory = &dev->physical.memory;
    const int row = kind == SFM_VK_MEMORY_DEVICE && shares_memory(dev) ? 2 : (int)kind;

    for (size_t wish = 0; wish < G_N_ELEMENTS(wishes[row]); wish++) {
        const VkMemoryPropertyFlags flags = wishes[row][wish];
        for (uint32_t i = 0; i < memory->memoryTypeCount; i++) {
            if ((allowed >> i & 1) && (memory->memoryTypes[i].propertyFlags & flags) == flags)
                return (int)i;
        }
    }
    return -1;
}

bool sfm_vk_memory_check(SfmDevice *dev, size_t size, const char *what, GError **error)
{
    const uint64_t available = sfm_device_memory_free(dev);
    if (size <= available)
        return true;
    return sfm_fail(error, SFM_ERROR_NO_MEMORY,
                    "%s: %zu bytes of device memory are needed, and %" G_GUINT64_FORMAT " are left",
                    what, size, available);
}

static bool make_buffer(SfmVkMemory *m, GError **error)
{
    const VkBufferCreateInfo info = {
        .sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO,
        .size = m->size,
        .usage = VK_BUFFER_USAGE_STORAGE_BUFFER_BIT | VK_BUFFER_USAGE_STORAGE_TEXEL_BUFFER_BIT |
                 VK_BUFFER_USAGE_TRANSFER_SRC_BIT | VK_BUFFER_USAGE_TRANSFER_DST_BIT,
        .sharingMode = VK_SHARING_MODE_EXCLUSIVE,
    };
    return VK(m->dev, error, vkCreateBuffer, m->dev->handle, &info, NULL, &m->buffer);
}

static bool allocate(SfmVkMemory *m, SfmVkMemoryKind kind, const char *what, bool *mappable,
                     GError **error)
{
    VkMemoryRequirements needs;
    m->dev->fn.vkGetBufferMemoryRequirements(m->dev->handle, m->buffer, &needs);
    const int type = find_type(m->dev, kind, needs.memoryTypeBits);
    if (type < 0)
        return sfm_fail(error, SFM_ERROR_DEVICE, "the device has no memory for buffers");

    if (kind == SFM_VK_MEMORY_DEVICE) {
        if (m->dev->limit > 0 && !sfm_vk_memory_check(m->dev, needs.size, what, error))
            return false;
        m->taken = needs.size;
        m->dev->allocated += m->taken;
    }
    const VkMemoryAllocateInfo info = {
        .sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO,
        .allocationSize = needs.size,
        .memoryTypeIndex = (uint32_t)type,
    };
    *mappable = (m->dev->physical.memory.memoryTypes[type].propertyFlags & MAPPED) == MAPPED &&
                (kind == SFM_VK_MEMORY_STAGING || shares_memory(m->dev));
    return VK(m->dev, error, vkAllocateMemory, m->dev->handle, &info, NULL, &m->memory) &&
           VK(m->dev, error, vkBindBufferMemory, m->dev->handle, m->buffer, m->memory, 0);
}

SfmVkMemory *sfm_vk_memory_new(SfmDevice *dev, SfmVkMemoryKind kind, size_t size, const char *what,
                               GError **error)
{
    if (size >= WORTH_ASKING && !sfm_vk_memory_check(dev, size, what, error))
        return NULL;

    bool mappable = false;
    g_autoptr(SfmVkMemory) m = g_new0(SfmVkMemory, 1);
    m->dev = dev;
    m->size = size;

    if (!make_buffer(m, error) || !allocate(m, kind, what, &mappable, error))
        return NULL;
    if (mappable &&
        !VK(dev, error, vkMapMemory, dev->handle, m->memory, 0, VK_WHOLE_SIZE, 0, &m->mapped))
        return NULL;
    return g_steal_pointer(&m);
}

void sfm_vk_memory_free(SfmVkMemory *m)
{
    if (!m)
        return;

    // Freeing the memory unmaps it; null handles are ignored.
    m->dev->fn.vkDestroyBuffer(m->dev->handle, m->buffer, NULL);
    m->dev->fn.vkFreeMemory(m->dev->handle, m->memory, NULL);
    m->dev->allocated -= m->taken;
    g_free(m);
}
