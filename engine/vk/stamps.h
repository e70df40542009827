// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_VK_STAMPS_H
#define SFM_VK_STAMPS_H

#include <glib.h>

#include "vk/device.h"

// Looks at the device's clock between the launches of a recorded program: when all
// that was recorded so far is done. What runs beside a launch, or ends after its
// successor began, counts where it ends.
typedef struct {
    SfmDevice *dev;   // borrowed
    VkQueryPool pool; // null where the device has no clock: nothing is recorded then
    uint32_t most;    // queries
    GArray *ends;     // of uint32_t, a query each: the launch that ends there
} SfmStamps;

// Room for `most` looks.
bool sfm_stamps_init(SfmStamps *stamps, SfmDevice *dev, uint32_t most, GError **error);

// Zeroed ones are a no-op.
void sfm_stamps_clear(SfmStamps *stamps);

// Recorded where a command buffer begins, in which at most `num` launches end; and
// behind each. NULL is a no-op.
void sfm_stamps_begin(SfmStamps *stamps, VkCommandBuffer cmd, uint32_t num);
void sfm_stamps_end(SfmStamps *stamps, VkCommandBuffer cmd, uint32_t launch);

// Whether there is a clock to look at.
bool sfm_stamps_tick(const SfmStamps *stamps);

// When all is done: milliseconds[i] is what passed in launch i, in all command
// buffers that it is spread over.
bool sfm_stamps_read(const SfmStamps *stamps, double *milliseconds, uint32_t num_launches,
                     GError **error);

#endif
