// SPDX-License-Identifier: GPL-3.0-or-later
// Read by C and by GLSL: 4-byte scalars only, so that both lay it out alike.
#ifndef SFM_PARAMS_WINOGRAD_NORM_H
#define SFM_PARAMS_WINOGRAD_NORM_H

#include "params/types.h"

// A workgroup takes a group (x) of an image of this pass (y).
struct WinogradNormParams {
    uint first_image;    // of this pass
    uint planes;         // of an image, a quad of channels each
    uint group_planes;   // of a group
    uint pixels;         // H * W
    uint own_stride;     // texels of a workgroup's own memory
    float inverse_count; // 1 / (values in one group)
    float eps;
    uint tiles;       // in this pass
    uint image_tiles; // of one image
    uint row_tiles;   // of one row of tiles
    float inverse_row_tiles;
    uint height, width;
    uint wrap_height, wrap_width; // of axes that wrap; 0: zeros beyond the end
    uint frequency_stride;        // texels from one frequency to the next
};

#endif
