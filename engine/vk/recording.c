// SPDX-License-Identifier: GPL-3.0-or-later
#include "vk/recording.h"

#include <math.h>

#include "vk/check.h"

#define MAX_PARTS 16384 // of one dispatch: command buffers cost memory

static bool make_pool(SfmRecording *r, GError **error)
{
    const VkCommandPoolCreateInfo info = {
        .sType = VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO,
        .queueFamilyIndex = (uint32_t)r->dev->physical.queue_family,
    };
    return VK(r->dev, error, vkCreateCommandPool, r->dev->handle, &info, NULL, &r->pool);
}

// A command buffer in which so many launches end.
static VkCommandBuffer begin_chunk(SfmRecording *r, double estimate, uint32_t num_launches,
                                   GError **error)
{
    SfmChunk chunk = { .estimate = estimate };
    const VkCommandBufferAllocateInfo buffer = {
        .sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO,
        .commandPool = r->pool,
        .level = VK_COMMAND_BUFFER_LEVEL_PRIMARY,
        .commandBufferCount = 1,
    };
    const VkCommandBufferBeginInfo begin = { .sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO };

    if (!VK(r->dev, error, vkAllocateCommandBuffers, r->dev->handle, &buffer, &chunk.cmd) ||
        !VK(r->dev, error, vkBeginCommandBuffer, chunk.cmd, &begin))
        return VK_NULL_HANDLE;
    sfm_barrier_record(r->dev, chunk.cmd);
    r->num_barriers++;
    sfm_stamps_begin(r->stamps, chunk.cmd, num_launches);
    g_array_append_val(r->chunks, chunk);
    return chunk.cmd;
}

// The step behind the last of the chunk that begins with `first`: as many as fit.
static uint32_t chunk_end(const SfmPlan *plan, uint32_t first, double max_chunk, double *estimate)
{
    uint32_t end = first;
    *estimate = 0;
    do {
        *estimate += sfm_plan_step(plan, end)->estimate;
        end++;
    } while (end < sfm_plan_num_steps(plan) &&
             *estimate + sfm_plan_step(plan, end)->estimate <= max_chunk);
    return end;
}

static bool record_chunk(SfmRecording *r, uint32_t first, uint32_t end, double estimate,
                         SfmHazards *hazards, GError **error)
{
    const uint32_t begin = sfm_steps_first(r->steps, first), stop = sfm_steps_first(r->steps, end);
    const VkCommandBuffer cmd = begin_chunk(r, estimate, stop - begin, error);
    if (!cmd)
        return false;

    sfm_hazards_forget(hazards);
    for (uint32_t i = begin; i < stop; i++) {
        sfm_hazards_record(hazards, r->dev, cmd, sfm_steps_dispatch(r->steps, i));
        sfm_stamps_end(r->stamps, cmd, i);
    }
    return VK(r->dev, error, vkEndCommandBuffer, cmd);
}

// A dispatch of a step that alone is too long.
typedef struct {
    const SfmDispatch *dispatch;
    uint32_t index; // of all
    double share;   // milliseconds, estimated
} LongDispatch;

// Its parts first .. end - 1 as a chunk of their own, which begins behind all that
// came before.
static bool record_parts(SfmRecording *r, const LongDispatch *d, uint32_t first, uint32_t end,
                         double estimate, GError **error)
{
    const VkCommandBuffer cmd = begin_chunk(r, estimate, 1, error);
    if (!cmd)
        return false;

    sfm_dispatch_record_parts(r->dev, cmd, d->dispatch, first, end);
    sfm_stamps_end(r->stamps, cmd, d->index);
    return VK(r->dev, error, vkEndCommandBuffer, cmd);
}

static bool record_in_chunks(SfmRecording *r, const LongDispatch *d, double wanted, GError **error)
{
    const uint32_t num_parts = sfm_dispatch_num_parts(d->dispatch);
    const uint32_t most = MAX(1, MIN(num_parts, MAX_PARTS));
    const uint32_t num = wanted < most ? (uint32_t)wanted : most;

    for (uint32_t i = 0; i < num; i++) {
        const uint32_t first = (uint32_t)((uint64_t)num_parts * i / num);
        const uint32_t end = (uint32_t)((uint64_t)num_parts * (i + 1) / num);
        if (!record_parts(r, d, first, end, d->share / num, error))
            return false;
    }
    return true;
}

// One step that alone is too long. The share of each of its dispatches is not
// known: each is cut as if it were all of it.
static bool record_long_step(SfmRecording *r, uint32_t step, double estimate, double max_chunk,
                             GError **error)
{
    const uint32_t begin = sfm_steps_first(r->steps, step);
    const uint32_t end = sfm_steps_first(r->steps, step + 1);

    for (uint32_t i = begin; i < end; i++) {
        const LongDispatch d = { sfm_steps_dispatch(r->steps, i), i, estimate / (end - begin) };
        if (!record_in_chunks(r, &d, ceil(estimate / max_chunk), error))
            return false;
    }
    return true;
}

static bool record(SfmRecording *r, double max_chunk, GError **error)
{
    SfmHazards hazards;
    bool ok = true;

    sfm_hazards_init(&hazards);
    for (uint32_t first = 0; ok && first < sfm_plan_num_steps(r->plan);) {
        double estimate;
        const uint32_t end = chunk_end(r->plan, first, max_chunk, &estimate);
        ok = estimate > max_chunk ? record_long_step(r, first, estimate, max_chunk, error)
                                  : record_chunk(r, first, end, estimate, &hazards, error);
        first = end;
    }
    r->num_barriers += hazards.num_barriers;
    sfm_hazards_clear(&hazards);
    return ok;
}

bool sfm_recording_make(SfmRecording *r, double max_chunk, GError **error)
{
    r->chunks = g_array_new(FALSE, FALSE, sizeof(SfmChunk));
    return make_pool(r, error) && record(r, max_chunk, error);
}

void sfm_recording_clear(SfmRecording *r)
{
    if (!r->dev)
        return;
    r->dev->fn.vkDestroyCommandPool(r->dev->handle, r->pool, NULL);
    g_clear_pointer(&r->chunks, g_array_unref);
    *r = (SfmRecording){ 0 };
}
