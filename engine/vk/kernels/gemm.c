// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the users of shaders/kernels/lavapipe/gemm.comp share: convolutions,
// Winograd products, attention.

#include "vk/kernels/gemm.h"

const GemmTile sfm_gemm_4x16 = { "lavapipe/gemm_4x16", 4, 16 };
const GemmTile sfm_gemm_2x32 = { "lavapipe/gemm_2x32", 2, 32 };

SfmVkDispatch sfm_gemm_dispatch(const GemmTile *tile, struct GemmParams *p, uint32_t batches)
{
    const uint32_t groups = ceil_div(p->pixels, tile->vectors * LANES);
    const uint32_t tiles = ceil_div(p->out_blocks, tile->outputs / 4);

    p->inverse_image = 1.0f / (float)p->image_pixels;
    p->inverse_width = 1.0f / (float)p->width;
    if (groups <= MAX_GROUPS)
        return dispatch(tile->shader, groups, tiles, batches, p, sizeof(*p));

    // More than two million pixels: only a convolution comes here, and leaves z free.
    p->groups_z = MAX_GROUPS;
    return dispatch(tile->shader, MAX_GROUPS, tiles, ceil_div(groups, MAX_GROUPS), p, sizeof(*p));
}

size_t sfm_gemm_weight_count(const GemmTile *tile, uint32_t out_channels, uint32_t in_channels,
                             uint32_t taps)
{
    const size_t tiles = ceil_div(out_channels, tile->outputs);
    return tiles * taps * ceil_div(in_channels, 4) * tile->outputs * 4;
}

size_t sfm_gemm_weight_at(const GemmTile *tile, uint32_t in_channels, uint32_t taps, uint32_t o,
                          uint32_t c, uint32_t tap)
{
    const size_t row = (size_t)(o / tile->outputs) * taps + tap;
    const size_t texel = row * ceil_div(in_channels, 4) + c / 4;
    return (texel * tile->outputs + o % tile->outputs) * 4 + c % 4;
}

size_t sfm_gemm_bias_count(const GemmTile *tile, uint32_t out_channels)
{
    return (size_t)ceil_div(out_channels, tile->outputs) * tile->outputs;
}
