// SPDX-License-Identifier: GPL-3.0-or-later
// Read by C and by GLSL: 4-byte scalars only, so that both lay it out alike.
#ifndef SFM_PARAMS_GROUP_NORM4_H
#define SFM_PARAMS_GROUP_NORM4_H

#include "params/types.h"

// A workgroup takes the fewest groups that fill whole texels: `block_groups`.
struct GroupNorm4Params {
    uint planes;         // of an image, a quad of channels each
    uint pixels;         // H * W
    uint groups;         // in one image
    uint group_size;     // channels in one group
    uint block_groups;   // 1, 2 or 4
    float inverse_count; // 1 / (values in one group)
    float eps;
    uint act; // ACTIVATION_...
};

#endif
