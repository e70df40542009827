// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_COUNTER_H
#define SFM_JOB_COUNTER_H

#include "plan/runner.h"

// A runner that counts the kernels and times the calls of another, for what a
// script costs. Its buffers are the other's. It runs no programs.
typedef struct {
    SfmRunner base;   // first
    SfmRunner *inner; // owned
    uint64_t num_kernels;
    double seconds; // of this thread's processor time, spent in the other
} SfmCounter;

// Takes ownership of `inner`. Freed by sfm_runner_free().
SfmCounter *sfm_counter_new(SfmRunner *inner);

// This thread's processor time in seconds.
double sfm_thread_seconds(void);

#endif
