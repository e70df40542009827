// SPDX-License-Identifier: GPL-3.0-or-later
#include "vk/dispatch.h"

#include "vk/check.h"

static void record_bindings(SfmDevice *dev, VkCommandBuffer cmd, const SfmDispatch *d)
{
    const SfmPipeline *p = d->pipeline;

    dev->fn.vkCmdBindPipeline(cmd, VK_PIPELINE_BIND_POINT_COMPUTE, p->handle);
    dev->fn.vkCmdBindDescriptorSets(cmd, VK_PIPELINE_BIND_POINT_COMPUTE, p->layout, 0, 1, &d->set,
                                    0, NULL);
    if (d->push_size > 0)
        dev->fn.vkCmdPushConstants(cmd, p->layout, VK_SHADER_STAGE_COMPUTE_BIT, 0, d->push_size,
                                   d->push);
}

void sfm_dispatch_record(SfmDevice *dev, VkCommandBuffer cmd, const SfmDispatch *d)
{
    record_bindings(dev, cmd, d);
    dev->fn.vkCmdDispatch(cmd, d->groups[0], d->groups[1], d->groups[2]);
}

static int longest_side(const SfmDispatch *d)
{
    const uint32_t *g = d->groups;
    return g[2] > g[1] && g[2] > g[0] ? 2 : g[1] > g[0] ? 1 : 0;
}

uint32_t sfm_dispatch_num_parts(const SfmDispatch *d)
{
    return d->groups[longest_side(d)];
}

void sfm_dispatch_record_parts(SfmDevice *dev, VkCommandBuffer cmd, const SfmDispatch *d,
                               uint32_t first, uint32_t end)
{
    const int side = longest_side(d);
    uint32_t base[3] = { 0 }, groups[3] = { d->groups[0], d->groups[1], d->groups[2] };

    base[side] = first;
    groups[side] = end - first;
    record_bindings(dev, cmd, d);
    dev->fn.vkCmdDispatchBase(cmd, base[0], base[1], base[2], groups[0], groups[1], groups[2]);
}

bool sfm_binder_init(SfmBinder *binder, SfmDevice *dev, uint32_t num_sets, uint32_t num_buffers,
                     uint32_t num_texels, GError **error)
{
    VkDescriptorPoolSize sizes[2];
    uint32_t num_sizes = 0;
    if (num_buffers > 0)
        sizes[num_sizes++] =
            (VkDescriptorPoolSize){ VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, num_buffers };
    if (num_texels > 0)
        sizes[num_sizes++] =
            (VkDescriptorPoolSize){ VK_DESCRIPTOR_TYPE_STORAGE_TEXEL_BUFFER, num_texels };

    const VkDescriptorPoolCreateInfo info = {
        .sType = VK_STRUCTURE_TYPE_DESCRIPTOR_POOL_CREATE_INFO,
        .maxSets = num_sets,
        .poolSizeCount = num_sizes,
        .pPoolSizes = sizes,
    };
    binder->dev = dev;
    binder->views = g_array_new(FALSE, FALSE, sizeof(VkBufferView));
    return VK(dev, error, vkCreateDescriptorPool, dev->handle, &info, NULL, &binder->pool);
}

static void destroy_views(SfmBinder *binder)
{
    SfmDevice *dev = binder->dev;
    for (guint i = 0; i < binder->views->len; i++)
        dev->fn.vkDestroyBufferView(dev->handle, g_array_index(binder->views, VkBufferView, i),
                                    NULL);
    g_array_set_size(binder->views, 0);
}

void sfm_binder_clear(SfmBinder *binder)
{
    if (!binder->dev)
        return;
    destroy_views(binder);
    g_array_unref(binder->views);
    binder->dev->fn.vkDestroyDescriptorPool(binder->dev->handle, binder->pool, NULL);
    *binder = (SfmBinder){ 0 };
}

static bool make_view(SfmBinder *binder, const SfmRange *range, VkBufferView *view, GError **error)
{
    const VkBufferViewCreateInfo info = {
        .sType = VK_STRUCTURE_TYPE_BUFFER_VIEW_CREATE_INFO,
        .buffer = range->buffer,
        .format = VK_FORMAT_R32G32B32A32_SFLOAT,
        .offset = range->offset,
        .range = range->size,
    };
    if (!VK(binder->dev, error, vkCreateBufferView, binder->dev->handle, &info, NULL, view))
        return false;
    g_array_append_val(binder->views, *view);
    return true;
}

static bool make_set(SfmBinder *binder, SfmDispatch *d, GError **error)
{
    const VkDescriptorSetAllocateInfo info = {
        .sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_ALLOCATE_INFO,
        .descriptorPool = binder->pool,
        .descriptorSetCount = 1,
        .pSetLayouts = &d->pipeline->set_layout,
    };
    return VK(binder->dev, error, vkAllocateDescriptorSets, binder->dev->handle, &info, &d->set);
}

bool sfm_binder_bind(SfmBinder *binder, SfmDispatch *d, GError **error)
{
    VkBufferView views[SFM_MAX_BINDINGS];
    VkDescriptorBufferInfo buffers[SFM_MAX_BINDINGS];
    VkWriteDescriptorSet writes[SFM_MAX_BINDINGS];

    if (!make_set(binder, d, error))
        return false;
    for (uint32_t i = 0; i < d->pipeline->num_bindings; i++) {
        const SfmRange *range = &d->range[i];
        const bool texel = d->pipeline->texels >> i & 1;
        if (texel && !make_view(binder, range, &views[i], error))
            return false;

        buffers[i] = (VkDescriptorBufferInfo){ range->buffer, range->offset, range->size };
        writes[i] = (VkWriteDescriptorSet){
            .sType = VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET,
            .dstSet = d->set,
            .dstBinding = i,
            .descriptorCount = 1,
            .descriptorType =
                texel ? VK_DESCRIPTOR_TYPE_STORAGE_TEXEL_BUFFER : VK_DESCRIPTOR_TYPE_STORAGE_BUFFER,
            .pBufferInfo = &buffers[i],
            .pTexelBufferView = &views[i],
        };
    }
    binder->dev->fn.vkUpdateDescriptorSets(binder->dev->handle, d->pipeline->num_bindings, writes,
                                           0, NULL);
    return true;
}

bool sfm_binder_reset(SfmBinder *binder, GError **error)
{
    destroy_views(binder);
    return VK(binder->dev, error, vkResetDescriptorPool, binder->dev->handle, binder->pool, 0);
}
