// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the users of shaders/kernels/lavapipe/gemm.comp share: convolutions
// and Winograd products.

#include "vk/kernels/lavapipe/gemm.h"

// Measured on Mesa 22.3 and 25.0: docs/kernels.md. The larger ones serve each load
// for more products; they are also the slower to compile.
#define SHADERS(name)                               \
    {                                               \
        "lavapipe/" name, "lavapipe/" name "_pairs" \
    }
static const GemmTile variants[] = {
    { SHADERS("gemm_8x32"), SHADERS("conv_8x32"), 8, 32, 0.80 },
    { SHADERS("gemm_4x32"), SHADERS("conv_4x32"), 4, 32, 0.86 },
    { SHADERS("gemm_2x64"), SHADERS("conv_2x64"), 2, 64, 0.92 },
    { SHADERS("gemm_8x16"), SHADERS("conv_8x16"), 8, 16, 0.90 },
    { SHADERS("gemm_8x8"), SHADERS("conv_8x8"), 8, 8, 1.30 },
};

double sfm_gemm_cost(const GemmTile *tile, uint32_t pixels, uint32_t out_channels)
{
    const double groups = ceil_div(pixels, tile->vectors * LANES);
    return groups * tile->vectors * LANES * (double)sfm_gemm_bias_count(tile, out_channels) *
           tile->cost;
}

const GemmTile *sfm_gemm_tile_for(uint32_t pixels, uint32_t out_channels)
{
    const GemmTile *best = &variants[0];

    for (size_t i = 1; i < sizeof variants / sizeof variants[0]; i++) {
        if (sfm_gemm_cost(&variants[i], pixels, out_channels) <
            sfm_gemm_cost(best, pixels, out_channels))
            best = &variants[i];
    }
    return best;
}

static SfmVkDispatch launch(const char *shader, const GemmTile *tile, struct GemmParams *p,
                            uint32_t batches)
{
    const uint32_t groups = ceil_div(p->pixels, tile->vectors * LANES);
    const uint32_t tiles = ceil_div(p->out_quads, tile->outputs / 4);

    p->inverse_image = 1.0f / (float)p->image_pixels;
    p->inverse_width = 1.0f / (float)p->width;
    if (groups <= MAX_GROUPS)
        return dispatch(shader, groups, tiles, batches, p, sizeof(*p));

    // More than two million pixels: only a convolution comes here, and leaves z free,
    // since plans have several in one only of small maps.
    g_assert(batches == 1);
    p->groups_z = MAX_GROUPS;
    return dispatch(shader, MAX_GROUPS, tiles, ceil_div(groups, MAX_GROUPS), p, sizeof(*p));
}

// Two neighbours share a store, where all have one.
static bool in_pairs(const struct GemmParams *p)
{
    return p->image_pixels % 2 == 0;
}

SfmVkDispatch sfm_gemm_product(const GemmTile *tile, struct GemmParams *p, uint32_t batches)
{
    return launch(tile->product[in_pairs(p)], tile, p, batches);
}

SfmVkDispatch sfm_gemm_convolution(const GemmTile *tile, struct GemmParams *p, uint32_t parts)
{
    return launch(tile->convolution[in_pairs(p)], tile, p, parts);
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
