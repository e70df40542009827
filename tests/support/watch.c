// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/watch.h"

#include "vk/state.h"

Watched watched;

static SfmDevice *dev;
static struct VolkDeviceTable real;

#define COUNT_CREATE(thing, info)                                                             \
    static VkResult create_##thing(VkDevice d, const info *i, const VkAllocationCallbacks *a, \
                                   Vk##thing *out)                                            \
    {                                                                                         \
        g_atomic_int_inc(&watched.num_made);                                                  \
        return real.vkCreate##thing(d, i, a, out);                                            \
    }

COUNT_CREATE(Buffer, VkBufferCreateInfo)
COUNT_CREATE(BufferView, VkBufferViewCreateInfo)
COUNT_CREATE(CommandPool, VkCommandPoolCreateInfo)
COUNT_CREATE(DescriptorPool, VkDescriptorPoolCreateInfo)
COUNT_CREATE(QueryPool, VkQueryPoolCreateInfo)
COUNT_CREATE(Fence, VkFenceCreateInfo)

static VkResult create_pipelines(VkDevice d, VkPipelineCache c, uint32_t n,
                                 const VkComputePipelineCreateInfo *i,
                                 const VkAllocationCallbacks *a, VkPipeline *out)
{
    g_atomic_int_inc(&watched.num_pipelines);
    return real.vkCreateComputePipelines(d, c, n, i, a, out);
}

static VkResult allocate_command_buffers(VkDevice d, const VkCommandBufferAllocateInfo *i,
                                         VkCommandBuffer *out)
{
    g_atomic_int_inc(&watched.num_made);
    return real.vkAllocateCommandBuffers(d, i, out);
}

static VkResult allocate_memory(VkDevice d, const VkMemoryAllocateInfo *i,
                                const VkAllocationCallbacks *a, VkDeviceMemory *out)
{
    g_atomic_int_inc(&watched.num_made);
    watched.peak = MAX(watched.peak, dev->allocated);
    return real.vkAllocateMemory(d, i, a, out);
}

void watch_device(SfmRunner *runner)
{
    dev = sfm_vk_runner(runner)->dev;
    struct VolkDeviceTable *fn = &dev->fn;
    real = *fn;
    fn->vkCreateBuffer = create_Buffer;
    fn->vkCreateBufferView = create_BufferView;
    fn->vkCreateCommandPool = create_CommandPool;
    fn->vkCreateDescriptorPool = create_DescriptorPool;
    fn->vkCreateQueryPool = create_QueryPool;
    fn->vkCreateFence = create_Fence;
    fn->vkCreateComputePipelines = create_pipelines;
    fn->vkAllocateCommandBuffers = allocate_command_buffers;
    fn->vkAllocateMemory = allocate_memory;
    watched = (Watched){ 0 };
}
