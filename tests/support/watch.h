// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_TESTS_SUPPORT_WATCH_H
#define SFM_TESTS_SUPPORT_WATCH_H

#include "plan/runner.h"

// What a Vulkan runner's device is asked for.
typedef struct {
    int num_made;       // objects but pipelines and what belongs to them; memory, command buffers
    gint num_pipelines; // atomic: threads make them
    uint64_t peak;      // bytes of the device's memory that were alive at once
} Watched;

extern Watched watched;

// Counts from now on, from nothing; one device at a time.
void watch_device(SfmRunner *runner);

#endif
