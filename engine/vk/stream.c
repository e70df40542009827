// SPDX-License-Identifier: GPL-3.0-or-later
#include "vk/stream.h"

#include <string.h>

#include "vk/check.h"

#define MAX_SETS     64
#define MAX_ESTIMATE 100.0 // milliseconds in one submission
#define STAGING_SIZE ((size_t)8 << 20)

static bool make_pool(SfmStream *s, GError **error)
{
    const VkCommandPoolCreateInfo info = {
        .sType = VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO,
        .flags = VK_COMMAND_POOL_CREATE_RESET_COMMAND_BUFFER_BIT,
        .queueFamilyIndex = (uint32_t)s->dev->physical.queue_family,
    };
    return VK(s->dev, error, vkCreateCommandPool, s->dev->handle, &info, NULL, &s->pool);
}

static bool make_command_buffer(SfmStream *s, GError **error)
{
    const VkCommandBufferAllocateInfo info = {
        .sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO,
        .commandPool = s->pool,
        .level = VK_COMMAND_BUFFER_LEVEL_PRIMARY,
        .commandBufferCount = 1,
    };
    return VK(s->dev, error, vkAllocateCommandBuffers, s->dev->handle, &info, &s->cmd);
}

static bool make_fence(SfmStream *s, GError **error)
{
    const VkFenceCreateInfo info = { .sType = VK_STRUCTURE_TYPE_FENCE_CREATE_INFO };
    return VK(s->dev, error, vkCreateFence, s->dev->handle, &info, NULL, &s->fence);
}

static void free_memory(gpointer memory)
{
    sfm_vk_memory_free(memory);
}

bool sfm_stream_init(SfmStream *s, SfmDevice *dev, GError **error)
{
    s->dev = dev;
    s->retired = g_ptr_array_new_with_free_func(free_memory);
    sfm_hazards_init(&s->hazards);
    return make_pool(s, error) && make_command_buffer(s, error) && make_fence(s, error) &&
           sfm_binder_init(&s->binder, dev, MAX_SETS, MAX_SETS * SFM_MAX_BINDINGS, 0, error);
}

void sfm_stream_clear(SfmStream *s)
{
    if (!s->dev)
        return;
    g_ptr_array_unref(s->retired);
    sfm_vk_memory_free(s->staging);
    sfm_hazards_clear(&s->hazards);
    sfm_binder_clear(&s->binder);
    s->dev->fn.vkDestroyFence(s->dev->handle, s->fence, NULL);
    s->dev->fn.vkDestroyCommandPool(s->dev->handle, s->pool, NULL); // and its command buffer
    *s = (SfmStream){ 0 };
}

VkCommandBuffer sfm_stream_open(SfmStream *s, GError **error)
{
    if (s->open)
        return s->cmd;

    const VkCommandBufferBeginInfo info = {
        .sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO,
        .flags = VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT,
    };
    if (!VK(s->dev, error, vkBeginCommandBuffer, s->cmd, &info))
        return VK_NULL_HANDLE;
    sfm_barrier_record(s->dev, s->cmd);
    s->open = true;
    return s->cmd;
}

bool sfm_stream_copy(SfmStream *s, const SfmRange *to, const SfmRange *from, GError **error)
{
    const VkBufferCopy copy = { from->offset, to->offset, to->size };
    const VkCommandBuffer cmd = sfm_stream_open(s, error);
    if (!cmd)
        return false;

    sfm_barrier_record(s->dev, cmd);
    s->dev->fn.vkCmdCopyBuffer(cmd, from->buffer, to->buffer, 1, &copy);
    sfm_barrier_record(s->dev, cmd);
    sfm_hazards_forget(&s->hazards);
    return true;
}

bool sfm_stream_launch(SfmStream *s, SfmDispatch *d, double estimate, GError **error)
{
    const bool full = s->num_sets == MAX_SETS || s->estimate + estimate > MAX_ESTIMATE;
    if (full && !sfm_stream_flush(s, error))
        return false;

    const VkCommandBuffer cmd = sfm_stream_open(s, error);
    if (!cmd || !sfm_binder_bind(&s->binder, d, error))
        return false;
    sfm_hazards_record(&s->hazards, s->dev, cmd, d);
    s->num_sets++;
    s->estimate += estimate;
    return true;
}

static bool submit(SfmStream *s, VkCommandBuffer more, GError **error)
{
    VkCommandBuffer cmds[2];
    VkSubmitInfo info = { .sType = VK_STRUCTURE_TYPE_SUBMIT_INFO, .pCommandBuffers = cmds };

    if (s->open) {
        sfm_barrier_record(s->dev, s->cmd);
        if (!VK(s->dev, error, vkEndCommandBuffer, s->cmd))
            return false;
        cmds[info.commandBufferCount++] = s->cmd;
    }
    if (more)
        cmds[info.commandBufferCount++] = more;

    return VK(s->dev, error, vkQueueSubmit, s->dev->queue, 1, &info, s->fence) &&
           VK(s->dev, error, vkWaitForFences, s->dev->handle, 1, &s->fence, VK_TRUE, UINT64_MAX) &&
           VK(s->dev, error, vkResetFences, s->dev->handle, 1, &s->fence);
}

// After a failure: nothing is under way and the command buffer can begin anew.
static void recover(SfmStream *s)
{
    s->dev->fn.vkDeviceWaitIdle(s->dev->handle);
    s->dev->fn.vkResetCommandBuffer(s->cmd, 0);
    s->dev->fn.vkResetFences(s->dev->handle, 1, &s->fence);
}

static bool submit_all(SfmStream *s, VkCommandBuffer more, GError **error)
{
    const bool done = submit(s, more, error);
    if (!done)
        recover(s);
    s->open = false;
    s->num_sets = 0;
    s->estimate = 0;
    sfm_hazards_forget(&s->hazards);
    g_ptr_array_set_size(s->retired, 0);
    return done && sfm_binder_reset(&s->binder, error);
}

bool sfm_stream_flush(SfmStream *s, GError **error)
{
    return !s->open || submit_all(s, VK_NULL_HANDLE, error);
}

bool sfm_stream_run(SfmStream *s, VkCommandBuffer more, double estimate, GError **error)
{
    const bool too_long = s->estimate > 0 && s->estimate + estimate > MAX_ESTIMATE;
    if (too_long && !sfm_stream_flush(s, error))
        return false;
    return submit_all(s, more, error);
}

void sfm_stream_retire(SfmStream *s, SfmVkMemory *memory)
{
    if (s->open && memory)
        g_ptr_array_add(s->retired, memory);
    else
        sfm_vk_memory_free(memory);
}

static bool ensure_staging(SfmStream *s, GError **error)
{
    if (!s->staging)
        s->staging =
            sfm_vk_memory_new(s->dev, SFM_VK_MEMORY_STAGING, STAGING_SIZE, "staging", error);
    return s->staging != NULL;
}

bool sfm_stream_write(SfmStream *s, SfmVkMemory *memory, size_t offset, const void *data,
                      size_t size, GError **error)
{
    if (!sfm_stream_flush(s, error))
        return false;
    if (memory->mapped) {
        memcpy((uint8_t *)memory->mapped + offset, data, size);
        return true;
    }
    for (size_t done = 0; done < size;) {
        const size_t piece = MIN(size - done, STAGING_SIZE);
        if (!ensure_staging(s, error))
            return false;
        memcpy(s->staging->mapped, (const uint8_t *)data + done, piece);
        const SfmRange to = { memory->buffer, offset + done, piece };
        const SfmRange from = { s->staging->buffer, 0, piece };
        if (!sfm_stream_copy(s, &to, &from, error) || !sfm_stream_flush(s, error))
            return false;
        done += piece;
    }
    return true;
}

bool sfm_stream_read(SfmStream *s, SfmVkMemory *memory, size_t offset, void *data, size_t size,
                     GError **error)
{
    if (!sfm_stream_flush(s, error))
        return false;
    if (memory->mapped) {
        memcpy(data, (const uint8_t *)memory->mapped + offset, size);
        return true;
    }
    for (size_t done = 0; done < size;) {
        const size_t piece = MIN(size - done, STAGING_SIZE);
        if (!ensure_staging(s, error))
            return false;
        const SfmRange to = { s->staging->buffer, 0, piece };
        const SfmRange from = { memory->buffer, offset + done, piece };
        if (!sfm_stream_copy(s, &to, &from, error) || !sfm_stream_flush(s, error))
            return false;
        memcpy((uint8_t *)data + done, s->staging->mapped, piece);
        done += piece;
    }
    return true;
}
