// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_OPS_CONV2D_H
#define SFM_OPS_CONV2D_H

#include <stdint.h>

// conv2d: x [N, C, H, W], weight [O, C, K, K], bias [1, O, 1, 1] -> y [N, O, OH, OW]
// Zero padding; OH = (H + top + bottom - K) / stride + 1. Attention's projections
// over pixels are 1x1 convolutions.
typedef struct {
    uint32_t kernel;                   // K: 1 or 3
    uint32_t stride;                   // 1 or 2
    uint32_t top, left, bottom, right; // padding in pixels, each less than K
} SfmConv2d;

#endif
