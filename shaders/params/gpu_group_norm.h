// SPDX-License-Identifier: GPL-3.0-or-later
// Read by C and by GLSL: 4-byte scalars only, so that both lay it out alike.
#ifndef SFM_PARAMS_GPU_GROUP_NORM_H
#define SFM_PARAMS_GPU_GROUP_NORM_H

#include "params/types.h"

#define GPU_NORM_GROUP_SIZE 256

// A workgroup takes a run of pixels (x), a block of whole groups of channels (y) and
// an image (z). Its invocations lie in `rows` rows, a pixel each, over `columns`
// quads of the block.
struct GpuGroupNormParams {
    uint channels, quads; // of a pixel
    uint pixels;          // of an image
    uint groups;          // of an image
    uint group_size;      // channels of a group
    uint block_quads;     // of a pixel, that a workgroup takes
    uint block_groups;    // groups in them
    uint columns, rows;
    uint workers; // invocations that gather what is known of one group; a power of two
    uint run;     // pixels that a workgroup takes
    uint runs;    // of an image
    float eps;
    uint act; // ACTIVATION_...
};

#endif
