// SPDX-License-Identifier: GPL-3.0-or-later
// Read by C and by GLSL: 4-byte scalars only, so that both lay it out alike.
#ifndef SFM_PARAMS_GPU_CONV_H
#define SFM_PARAMS_GPU_CONV_H

#include "params/types.h"

#define GPU_CONV_GROUP_SIZE 256 // invocations, of conv.comp and reduce_splits.comp
#define GPU_STEP_QUADS      4   // of input channels, in a step of the product

#define GPU_ADDEND_NONE     0
#define GPU_ADDEND_VECTOR   1 // [N, O, 1, 1], plain
#define GPU_ADDEND_RESIDUAL 2 // as y

// A quad is four channels of a pixel. Pixels are those of the output over all images;
// a launch makes a range of them. The z of the launch counts tiles of outputs, in
// each the parts (convolutions of one x), and in each the splits of the sum.
struct GpuConvParams {
    uint first_pixel, end_pixel;  // the range
    uint all_pixels;              // N * OH * OW
    uint image_pixels;            // OH * OW
    uint width;                   // OW
    uint in_height, in_width;     // as it is seen
    uint doubled;                 // 1: the input is given half as high and wide; 0
    uint kernel, stride;          // K and the step, both in pixels
    int top, left;                // padding
    uint wrap_height, wrap_width; // of the input, of axes that wrap; 0: zeros beyond the end
    uint quads;                   // of the input
    uint out_quads;
    uint out_channels; // O
    uint parts;
    uint splits;      // in how many parts a sum is made
    uint split_steps; // of each, of GPU_STEP_QUADS quads
    uint tap_steps;   // of each tap
    uint addend;      // one of the above
    float scale;      // of the sum with the addend
};

#endif
