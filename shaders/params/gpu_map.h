// SPDX-License-Identifier: GPL-3.0-or-later
// Read by C and by GLSL: 4-byte scalars only, so that both lay it out alike.
#ifndef SFM_PARAMS_GPU_MAP_H
#define SFM_PARAMS_GPU_MAP_H

#include "params/types.h"

// Invocations in a group, each of which makes one quad: four channels of a pixel.
#define GPU_MAP_GROUP_SIZE 256

// Of memory-bound kernels on pixel maps with channels last. An image is one step in
// z; its quads, pixel by pixel, lie along the groups of x and y (include/index.glsl).
struct GpuMapParams {
    uint count;    // quads of an image of the output
    uint quads;    // of a pixel of the output
    uint width;    // of the output
    uint in_quads; // of a pixel of the (first) input
    uint in_height, in_width;
    uint wrap_height, wrap_width; // of the input, of axes that wrap; 0: zeros beyond the end
    uint channels;                // of the output
    uint in_channels;             // of the (first) input
    uint first;                   // channel of the input that comes first
    uint factor;                  // side of the squares that become channels
    uint act;                     // ACTIVATION_...
    float scale;
};

#endif
