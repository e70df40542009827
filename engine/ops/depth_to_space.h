// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_OPS_DEPTH_TO_SPACE_H
#define SFM_OPS_DEPTH_TO_SPACE_H

#include <stdint.h>

// depth_to_space: x [N, C p p, H, W] -> y [N, C, p H, p W]: undoes space_to_depth
typedef struct {
    uint32_t factor; // p
} SfmDepthToSpace;

#endif
