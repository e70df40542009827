// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_VK_STEPS_H
#define SFM_VK_STEPS_H

#include "vk/weights.h"

// A plan's steps as launches that are bound to memory: what is left is to record
// them.
typedef struct {
    SfmVkWeights weights;
    GPtrArray *blocks;  // of SfmVkMemory: the plan's arena, owned
    GArray *dispatches; // of SfmDispatch
    GArray *first;      // [num_steps + 1] of uint32_t: where each step's dispatches begin
    SfmBinder binder;
} SfmSteps;

// Uploads the weights, makes the arena (zeroed) and the pipelines.
bool sfm_steps_init(SfmSteps *steps, SfmVkRunner *vk, const SfmPlan *plan, SfmWeightFunc give,
                    void *user_data, GError **error);

// The device must have finished with them. Zeroed steps are a no-op.
void sfm_steps_clear(SfmSteps *steps);

// Where a step's dispatches begin, and, for the number of steps, where all end.
uint32_t sfm_steps_first(const SfmSteps *steps, uint32_t step);

// One of them, in their order. Borrowed.
const SfmDispatch *sfm_steps_dispatch(const SfmSteps *steps, uint32_t i);

// Launches every dispatch with no workgroups, one by one, so that a driver that
// compiles at the first launch (lavapipe: up to a second for one shader) does so
// here, where it can be cancelled in between, and where those who wait are shown
// that something is being done.
bool sfm_steps_warm(const SfmSteps *steps, SfmVkRunner *vk, const SfmRunOptions *options,
                    GError **error);

// Where a tensor of the arena lies.
SfmRange sfm_steps_range(const SfmSteps *steps, const SfmPlanTensor *tensor);

#endif
