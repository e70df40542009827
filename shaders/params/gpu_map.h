// SPDX-License-Identifier: GPL-3.0-or-later
// Read by C and by GLSL: 4-byte scalars only, so that both lay it out alike.
#ifndef SFM_PARAMS_GPU_MAP_H
#define SFM_PARAMS_GPU_MAP_H

#include "params/types.h"

// Invocations of a workgroup.
#define GPU_MAP_GROUP_SIZE 256

// What all memory-bound shaders on pixel maps with channels last are told; each reads
// what it needs. A quad is four neighbouring channels of a pixel, and an invocation
// makes one quad of the output. The quads of an image are counted pixel by pixel, and
// its workgroups in x and y together make them all (include/index.glsl); z is the image.
struct GpuMapParams {
    uint count;    // quads of an image of the output
    uint quads;    // of a pixel of the output
    uint width;    // of the output
    uint in_quads; // of a pixel of the (first) input
    uint in_height, in_width;
    uint wrap_height, wrap_width; // the input's, of an axis that wraps; 0: zeros beyond its ends
    uint channels;                // of the output
    uint in_channels;             // of the (first) input
    uint first;                   // of slice: the input's channel that is the output's first
    uint factor; // of space_to_depth and back: side of the squares that become channels
    uint act;    // of activation and scale_shift: ACTIVATION_...
    float scale; // of add: of the sum
};

#endif
