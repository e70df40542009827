// SPDX-License-Identifier: GPL-3.0-or-later
#include "vk/hazards.h"

typedef struct {
    SfmRange range;
    bool written;
} Touch;

void sfm_hazards_init(SfmHazards *hazards)
{
    *hazards = (SfmHazards){ .touched = g_array_new(FALSE, FALSE, sizeof(Touch)) };
}

void sfm_hazards_clear(SfmHazards *hazards)
{
    g_clear_pointer(&hazards->touched, g_array_unref);
}

static bool overlap(const SfmRange *a, const SfmRange *b)
{
    return a->buffer == b->buffer && a->offset < b->offset + b->size &&
           b->offset < a->offset + a->size;
}

bool sfm_hazards_conflict(const SfmHazards *hazards, const SfmDispatch *d)
{
    for (guint t = 0; t < hazards->touched->len; t++) {
        const Touch *touch = &g_array_index(hazards->touched, Touch, t);
        for (uint32_t i = 0; i < d->pipeline->num_bindings; i++) {
            const bool writes = d->writes >> i & 1;
            if ((writes || touch->written) && overlap(&touch->range, &d->range[i]))
                return true;
        }
    }
    return false;
}

void sfm_hazards_note(SfmHazards *hazards, const SfmDispatch *d)
{
    for (uint32_t i = 0; i < d->pipeline->num_bindings; i++) {
        const Touch touch = { .range = d->range[i], .written = d->writes >> i & 1 };
        g_array_append_val(hazards->touched, touch);
    }
}

void sfm_hazards_forget(SfmHazards *hazards)
{
    g_array_set_size(hazards->touched, 0);
}

void sfm_barrier_record(SfmDevice *dev, VkCommandBuffer cmd)
{
    const VkPipelineStageFlags stages =
        VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT | VK_PIPELINE_STAGE_TRANSFER_BIT;
    const VkMemoryBarrier barrier = {
        .sType = VK_STRUCTURE_TYPE_MEMORY_BARRIER,
        .srcAccessMask = VK_ACCESS_SHADER_WRITE_BIT | VK_ACCESS_TRANSFER_WRITE_BIT,
        .dstAccessMask = VK_ACCESS_SHADER_READ_BIT | VK_ACCESS_SHADER_WRITE_BIT |
                         VK_ACCESS_TRANSFER_READ_BIT | VK_ACCESS_TRANSFER_WRITE_BIT |
                         VK_ACCESS_HOST_READ_BIT,
    };
    dev->fn.vkCmdPipelineBarrier(cmd, stages, stages | VK_PIPELINE_STAGE_HOST_BIT, 0, 1, &barrier,
                                 0, NULL, 0, NULL);
}

void sfm_hazards_record(SfmHazards *hazards, SfmDevice *dev, VkCommandBuffer cmd,
                        const SfmDispatch *d)
{
    if (sfm_hazards_conflict(hazards, d)) {
        sfm_barrier_record(dev, cmd);
        sfm_hazards_forget(hazards);
        hazards->num_barriers++;
    }
    sfm_hazards_note(hazards, d);
    sfm_dispatch_record(dev, cmd, d);
}
