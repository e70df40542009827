// SPDX-License-Identifier: GPL-3.0-or-later
#include "vk/stamps.h"

#include "vk/check.h"

#define NO_LAUNCH UINT32_MAX // a command buffer begins there

bool sfm_stamps_init(SfmStamps *s, SfmDevice *dev, uint32_t most, GError **error)
{
    const VkQueryPoolCreateInfo info = {
        .sType = VK_STRUCTURE_TYPE_QUERY_POOL_CREATE_INFO,
        .queryType = VK_QUERY_TYPE_TIMESTAMP,
        .queryCount = most,
    };

    *s = (SfmStamps){ dev, VK_NULL_HANDLE, most, g_array_new(FALSE, FALSE, sizeof(uint32_t)) };
    return dev->physical.timestamp_bits == 0 || most == 0 ||
           VK(dev, error, vkCreateQueryPool, dev->handle, &info, NULL, &s->pool);
}

void sfm_stamps_clear(SfmStamps *s)
{
    if (!s->dev)
        return;
    s->dev->fn.vkDestroyQueryPool(s->dev->handle, s->pool, NULL);
    g_array_unref(s->ends);
    *s = (SfmStamps){ 0 };
}

// lavapipe ends each dispatch before it goes on, and at any later stage than the
// top flushes first, which takes it 50 us.
static VkPipelineStageFlagBits stage(const SfmStamps *s)
{
    return s->dev->physical.properties.deviceType == VK_PHYSICAL_DEVICE_TYPE_CPU
               ? VK_PIPELINE_STAGE_TOP_OF_PIPE_BIT
               : VK_PIPELINE_STAGE_BOTTOM_OF_PIPE_BIT;
}

static void look(SfmStamps *s, VkCommandBuffer cmd, uint32_t launch)
{
    g_assert(s->ends->len < s->most);
    s->dev->fn.vkCmdWriteTimestamp(cmd, stage(s), s->pool, s->ends->len);
    g_array_append_val(s->ends, launch);
}

void sfm_stamps_begin(SfmStamps *s, VkCommandBuffer cmd, uint32_t num)
{
    if (!s || !s->pool)
        return;
    s->dev->fn.vkCmdResetQueryPool(cmd, s->pool, s->ends->len, num + 1);
    look(s, cmd, NO_LAUNCH);
}

void sfm_stamps_end(SfmStamps *s, VkCommandBuffer cmd, uint32_t launch)
{
    if (s && s->pool)
        look(s, cmd, launch);
}

bool sfm_stamps_tick(const SfmStamps *s)
{
    return s->pool != VK_NULL_HANDLE;
}

// The clock counts in ticks, and wraps where it has fewer than 64 bits.
static void sum_up(const SfmStamps *s, const uint64_t *ticks, double *milliseconds)
{
    const uint32_t bits = s->dev->physical.timestamp_bits;
    const uint64_t mask = bits < 64 ? ((uint64_t)1 << bits) - 1 : UINT64_MAX;
    const double period = (double)s->dev->physical.properties.limits.timestampPeriod; // nanoseconds

    for (guint i = 0; i < s->ends->len; i++) {
        const uint32_t launch = g_array_index(s->ends, uint32_t, i);
        if (launch != NO_LAUNCH)
            milliseconds[launch] += (double)((ticks[i] - ticks[i - 1]) & mask) * period / 1e6;
    }
}

bool sfm_stamps_read(const SfmStamps *s, double *milliseconds, uint32_t num_launches,
                     GError **error)
{
    const uint32_t num = s->ends->len;
    g_autofree uint64_t *ticks = g_new0(uint64_t, num);
    SfmDevice *dev = s->dev;

    for (uint32_t i = 0; i < num_launches; i++)
        milliseconds[i] = 0.0;
    if (!VK(dev, error, vkGetQueryPoolResults, dev->handle, s->pool, 0, num, num * sizeof(*ticks),
            ticks, sizeof(*ticks), VK_QUERY_RESULT_64_BIT | VK_QUERY_RESULT_WAIT_BIT))
        return false;
    sum_up(s, ticks, milliseconds);
    return true;
}
