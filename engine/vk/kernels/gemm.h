// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_VK_KERNELS_GEMM_H
#define SFM_VK_KERNELS_GEMM_H

#include "params/gemm.h"
#include "vk/kernels/launch.h"

// The variants of shaders/kernels/lavapipe/gemm.comp: a workgroup makes `outputs`
// channels of `vectors` * 8 pixels.
typedef struct {
    const char *shader;
    uint32_t vectors, outputs;
} GemmTile;

// Few pixels (up to 16) leave half of the first one's lanes idle.
extern const GemmTile sfm_gemm_4x16, sfm_gemm_2x32;

// Completes the parameters (width, pixels and image_pixels are set) and counts
// the workgroups: `batches` is 1 for a convolution. Bindings are the caller's:
// input, weight, bias, output.
SfmVkDispatch sfm_gemm_dispatch(const GemmTile *tile, struct GemmParams *p, uint32_t batches);

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
