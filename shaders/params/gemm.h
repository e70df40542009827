// SPDX-License-Identifier: GPL-3.0-or-later
// Read by C and by GLSL: 4-byte scalars only, so that both lay it out alike.
#ifndef SFM_PARAMS_GEMM_H
#define SFM_PARAMS_GEMM_H

#include "params/types.h"

// Strides are in texels. A "batch" is what the z of the launch counts: the
// frequencies of a Winograd transform, convolutions of one input. The images of a
// convolution lie along the pixels.
struct GemmParams {
    uint pixels;              // of the output, over all images
    uint image_pixels;        // of one image: OH * OW
    uint width;               // OW
    float inverse_image;      // 1 / image_pixels
    float inverse_width;      // 1 / width
    uint groups_z;            // workgroups of pixels that a step in z stands for; 0: z is a batch
    uint in_height, in_width; // as it is seen
    uint doubled;             // 1: the input is given half as high and wide; 0
    uint kernel, stride;      // K and the step, both in pixels
    int top, left;            // padding
    uint wrap_height, wrap_width;    // of the input, of axes that wrap; 0: zeros beyond the end
    uint quads;                      // input channels, in quads
    uint out_quads;                  // output channels, in quads
    float scale;                     // of the sum with the addend
    uint addend_image, addend_plane; // image 0: no addend; plane 1: a texel for all pixels
    uint in_batch, in_image, in_plane;
    uint out_batch, out_image, out_plane;
    uint weight_batch, bias_batch;
    uint weight_tile; // OUTPUTS output channels
    uint weight_step; // one tap of four input channels
};

#endif
