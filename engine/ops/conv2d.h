// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_OPS_CONV2D_H
#define SFM_OPS_CONV2D_H

#include <stdbool.h>
#include <stdint.h>

#include "ops/wrap.h"

// conv2d: x [N, C, H, W], weight [O, C, K, K], bias [1, O, 1, 1], perhaps an
// addend, as y or [N, O, 1, 1] -> y [N, O, OH, OW]
// OH = (H + top + bottom - K) / stride + 1. The padding is zeros, or the other end
// of an axis that wraps. Attention's projections over pixels are 1x1 convolutions.
// Of an x that is doubled, H and W are those of upsample_nearest's result.
// Graphs say `add`, `add_channels` and `upsample_nearest`; plans put them into the
// convolution.
// Likewise P convolutions of one x become one: weight [P O, C, K, K], bias
// [P, O, 1, 1] and no addend -> y [P N, O, OH, OW], one result behind the other.
typedef struct {
    uint32_t kernel;                   // K: 1 or 3
    uint32_t stride;                   // 1 or 2
    uint32_t top, left, bottom, right; // padding in pixels, each less than K
    SfmWrap wrap;                      // padding is at most the size of an axis that does
    float scale;                       // of the sum with the addend; without one, not looked at
    bool doubled;                      // it sees each pixel of x as two by two
} SfmConv2d;

// How many pixels of x, along an axis of so many, the convolution sees.
static inline uint32_t sfm_conv2d_seen(const SfmConv2d *a, uint32_t size)
{
    return a->doubled ? 2 * size : size;
}

#endif
