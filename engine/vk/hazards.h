// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_VK_HAZARDS_H
#define SFM_VK_HAZARDS_H

#include "vk/dispatch.h"

// Keeps what has been recorded since the last barrier, so that a launch waits
// for others only where it must: it reads or overwrites what they write, or
// overwrites what they read.
typedef struct {
    GArray *touched;       // of ranges, each with whether it is written
    uint32_t num_barriers; // that sfm_hazards_record() has recorded so far
} SfmHazards;

void sfm_hazards_init(SfmHazards *hazards);

// Zeroed ones are a no-op.
void sfm_hazards_clear(SfmHazards *hazards);

// Whether a launch must wait for one since the last barrier.
bool sfm_hazards_conflict(const SfmHazards *hazards, const SfmDispatch *dispatch);

// Takes note of a launch; forgets all, after a barrier.
void sfm_hazards_note(SfmHazards *hazards, const SfmDispatch *dispatch);
void sfm_hazards_forget(SfmHazards *hazards);

// Records a launch, with a barrier before it if it must wait.
void sfm_hazards_record(SfmHazards *hazards, SfmDevice *dev, VkCommandBuffer cmd,
                        const SfmDispatch *dispatch);

// Records a barrier: shaders, copies and the host's reads that come after it see
// what shaders and copies before it wrote.
void sfm_barrier_record(SfmDevice *dev, VkCommandBuffer cmd);

#endif
