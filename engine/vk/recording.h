// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_VK_RECORDING_H
#define SFM_VK_RECORDING_H

#include "vk/stamps.h"
#include "vk/steps.h"

// One command buffer: steps that are submitted together.
typedef struct {
    VkCommandBuffer cmd;
    double estimate; // milliseconds
} SfmChunk;

// A plan's steps as a chain of command buffers, each of which begins with a
// barrier and so may follow anything.
typedef struct {
    SfmDevice *dev;        // borrowed, as are the three below
    const SfmPlan *plan;   // whose steps are recorded
    const SfmSteps *steps; // their dispatches and descriptors
    SfmStamps *stamps;     // NULL: the clock is not looked at
    VkCommandPool pool;
    GArray *chunks;        // of SfmChunk; the pool owns their command buffers
    uint32_t num_barriers; // in all of them
} SfmRecording;

// Records: `max_chunk` milliseconds of estimated work in a command buffer, a step
// that takes longer being cut between its workgroups. `recording` is zeroed but for
// what is borrowed; on failure it is as good to clear.
bool sfm_recording_make(SfmRecording *recording, double max_chunk, GError **error);

// The device must have finished with it. A zeroed one is a no-op.
void sfm_recording_clear(SfmRecording *recording);

#endif
