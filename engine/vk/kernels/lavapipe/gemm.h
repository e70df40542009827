// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_VK_KERNELS_LAVAPIPE_GEMM_H
#define SFM_VK_KERNELS_LAVAPIPE_GEMM_H

#include "params/gemm.h"
#include "vk/kernels/launch.h"

// A variant of shaders/kernels/lavapipe/gemm.comp: a workgroup makes `outputs`
// channels of `vectors` * 8 pixels. All variants add in the same order, and give
// the same bits.
typedef struct {
    const char *product[2];     // the shaders; the second stores pixels in pairs
    const char *convolution[2]; // that add bias and addend
    uint32_t vectors, outputs;
    double cost; // of a product, relative
} GemmTile;

// The variant that makes the outputs of an image of so many pixels in the least
// time, idle lanes included.
const GemmTile *sfm_gemm_tile_for(uint32_t pixels, uint32_t out_channels);

// The time that it takes for each input channel, in units of cost.
double sfm_gemm_cost(const GemmTile *tile, uint32_t pixels, uint32_t out_channels);

// Completes the parameters (width, pixels and image_pixels are set) and counts
// the workgroups: `parts` is 1, or how many convolutions of one input these are, as
// batches. Bindings are the caller's:
// input, weight, output of a product; input, weight, bias, addend (if there is
// none, any), output of a convolution. Outputs are no texel buffers.
SfmVkDispatch sfm_gemm_product(const GemmTile *tile, struct GemmParams *p, uint32_t batches);
SfmVkDispatch sfm_gemm_convolution(const GemmTile *tile, struct GemmParams *p, uint32_t parts);

// Floats that the weights of one batch take: [tile][tap][C / 4][outputs][4],
// zeros to a whole tile and a whole texel.
size_t sfm_gemm_weight_count(const GemmTile *tile, uint32_t out_channels, uint32_t in_channels,
                             uint32_t taps);

// Where weight (o, c, tap) of a batch lies, in floats.
size_t sfm_gemm_weight_at(const GemmTile *tile, uint32_t in_channels, uint32_t taps, uint32_t o,
                          uint32_t c, uint32_t tap);

// Floats of the bias: the output channels to a whole tile.
size_t sfm_gemm_bias_count(const GemmTile *tile, uint32_t out_channels);

#endif
