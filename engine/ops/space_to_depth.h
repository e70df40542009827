// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_OPS_SPACE_TO_DEPTH_H
#define SFM_OPS_SPACE_TO_DEPTH_H

#include <stddef.h>
#include <stdint.h>

#include "tensor/shape.h"

// space_to_depth: x [N, C, H, W] -> y [N, C p p, H / p, W / p], as torch's PixelUnshuffle:
// y[c p p + dy p + dx] at (y, x) = x[c] at (p y + dy, p x + dx)
typedef struct {
    uint32_t factor; // p; divides H and W
} SfmSpaceToDepth;

// Where value i of y, whose shape is given, lies in x; for the references of both
// directions.
size_t sfm_space_to_depth_source(SfmShape y, size_t p, size_t i);

#endif
