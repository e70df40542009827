// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_TESTS_UNIT_SOME_WEIGHTS_H
#define SFM_TESTS_UNIT_SOME_WEIGHTS_H

#include "plan/runner.h"

// Weights for a network that nobody has trained: the same for the same name. An SfmWeightFunc.
static inline bool give_some_weights(void *user_data, const char *name, SfmShape shape, float *out,
                                     GError **error)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(g_str_hash(name));

    for (size_t i = 0; i < sfm_shape_count(shape); i++)
        out[i] = (float)g_rand_double_range(rand, -0.2, 0.2);
    return true;
}

#endif
