// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_OPS_GROUP_NORM_H
#define SFM_OPS_GROUP_NORM_H

#include <stdint.h>

#include "ops/activation.h"

// group_norm: x [N, C, H, W], gamma [1, C, 1, 1], beta [1, C, 1, 1] -> y as x
typedef struct {
    uint32_t groups;       // must divide the channels
    float eps;             // added to the variance
    SfmActivationKind act; // applied to the result
} SfmGroupNorm;

#endif
