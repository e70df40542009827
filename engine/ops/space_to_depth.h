// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_OPS_SPACE_TO_DEPTH_H
#define SFM_OPS_SPACE_TO_DEPTH_H

#include <stdint.h>

// space_to_depth: x [N, C, H, W] -> y [N, C p p, H / p, W / p], as torch's PixelUnshuffle:
// y[c p p + dy p + dx] at (y, x) = x[c] at (p y + dy, p x + dx)
typedef struct {
    uint32_t factor; // p; divides H and W
} SfmSpaceToDepth;

#endif
