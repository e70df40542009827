// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_VK_TIMES_H
#define SFM_VK_TIMES_H

#include "vk/recording.h"

// What each launch of a program costs: see SfmProgramTimes. A zeroed one is ready.
typedef struct {
    SfmStamps stamps;
    SfmRecording stamped;    // the program's steps once more, with a look at the clock behind each
                             // launch; made when it is asked for
    uint32_t num_launches;   //
    SfmLaunchTime *launches; // [num_launches]; owned
    uint32_t *first;         // [num_steps + 1]; owned
} SfmTimes;

// Measures once, on whatever the inputs hold. `recording` is the one that runs are
// made of, with chunks of `max_chunk` milliseconds.
bool sfm_times_take(SfmTimes *times, SfmVkRunner *vk, const SfmRecording *recording,
                    double max_chunk, GError **error);

// What has been measured so far. Lives until the next measurement.
void sfm_times_show(const SfmTimes *times, const SfmRecording *recording, SfmProgramTimes *shown);

// The device must have finished with them. Zeroed ones are a no-op.
void sfm_times_clear(SfmTimes *times);

#endif
