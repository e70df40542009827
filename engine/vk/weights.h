// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_VK_WEIGHTS_H
#define SFM_VK_WEIGHTS_H

#include "vk/state.h"

// A plan's weights on the device, each packed as the kernel that reads it wants
// it. A weight that two steps read in the same plain form is there once.
typedef struct {
    GPtrArray *blocks; // of SfmVkMemory, owned
    GArray *sizes;     // of size_t: the blocks' sizes
    GArray *places;    // [num_steps * SFM_MAX_INPUTS] of Place, private to weights.c
    size_t bytes;      // of all packed weights
} SfmVkWeights;

// Finds a place for each weight and makes the memory; fills it. False: no
// memory, or `give` failed.
bool sfm_vk_weights_init(SfmVkWeights *weights, SfmVkRunner *vk, const SfmPlan *plan,
                         SfmWeightFunc give, void *user_data, GError **error);

// Bytes that they will take (plan/runner.h).
size_t sfm_vk_weight_bytes(SfmRunner *runner, const SfmPlan *plan);

// The device must have finished with them. Zeroed weights are a no-op.
void sfm_vk_weights_clear(SfmVkWeights *weights);

// Where input `i` of a step lies, which is a weight.
SfmRange sfm_vk_weights_range(const SfmVkWeights *weights, uint32_t step, int i);

#endif
