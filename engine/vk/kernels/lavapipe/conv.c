// SPDX-License-Identifier: GPL-3.0-or-later
//
// Convolutions of any kernel, stride and padding as a matrix product over taps
// and channels (shaders/kernels/lavapipe/gemm.comp).

#include "ops/conv2d.h"
#include "vk/kernels/lavapipe/gemm.h"
#include "vk/kernels/lavapipe/kernels.h"

static const GemmTile *tile_for(const SfmCall *call)
{
    return sfm_gemm_tile_for(pixels_of(call->out[0]), call->out[0].dim[1]);
}

// Floats of a part.
static size_t weight_count(const SfmCall *call)
{
    const uint32_t *w = call->in[1].dim; // [P O, C, K, K]
    return sfm_gemm_weight_count(tile_for(call), call->out[0].dim[1], w[1], w[2] * w[3]);
}

static size_t bias_count(const SfmCall *call)
{
    return sfm_gemm_bias_count(tile_for(call), call->out[0].dim[1]);
}

static struct GemmParams params(const SfmCall *call, const GemmTile *tile)
{
    const SfmConv2d *a = call->attrs;
    const SfmShape x = call->in[0], y = call->out[0];
    const uint32_t height = sfm_conv2d_seen(a, x.dim[2]), width = sfm_conv2d_seen(a, x.dim[3]);

    return (struct GemmParams){
        .pixels = x.dim[0] * pixels_of(y),
        .image_pixels = pixels_of(y),
        .width = y.dim[3],
        .in_height = height,
        .in_width = width,
        .doubled = a->doubled,
        .kernel = a->kernel,
        .stride = a->stride,
        .top = (int)a->top,
        .left = (int)a->left,
        .wrap_height = a->wrap.y ? height : 0,
        .wrap_width = a->wrap.x ? width : 0,
        .quads = quads_of(x),
        .out_quads = quads_of(y),
        .addend_image = call->num_inputs > 3 ? quads_of(y) * pixels_of(call->in[3]) : 0,
        .addend_plane = call->num_inputs > 3 ? pixels_of(call->in[3]) : 0,
        .scale = call->num_inputs > 3 ? a->scale : 1,
        .in_image = quads_of(x) * pixels_of(x),
        .in_plane = pixels_of(x),
        .out_image = quads_of(y) * pixels_of(y),
        .out_plane = pixels_of(y),
        .out_batch = x.dim[0] * quads_of(y) * pixels_of(y),
        .weight_batch = (uint32_t)(weight_count(call) / 4),
        .bias_batch = (uint32_t)(bias_count(call) / 4),
        .weight_tile = a->kernel * a->kernel * quads_of(x) * tile->outputs,
        .weight_step = tile->outputs,
    };
}

static int dispatches(const SfmCall *call, SfmVkDispatch out[SFM_MAX_DISPATCHES])
{
    const GemmTile *tile = tile_for(call);
    struct GemmParams p = params(call, tile);

    out[0] = sfm_gemm_convolution(tile, &p, parts_of(call));
    for (int i = 0; i < 3; i++)
        bind(&out[0], SFM_BIND_INPUT, i, true);
    bind(&out[0], SFM_BIND_INPUT, call->num_inputs > 3 ? 3 : 2, true); // without one, any
    bind(&out[0], SFM_BIND_OUTPUT, 0, false);
    return 1;
}

static size_t packed_count(const SfmCall *call, int i)
{
    return parts_of(call) * (i == 1 ? weight_count(call) : bias_count(call));
}

static void pack(const SfmCall *call, int i, const float *plain, float *packed)
{
    const GemmTile *tile = tile_for(call);
    const uint32_t *w = call->in[1].dim, outputs = call->out[0].dim[1];
    const uint32_t taps = w[2] * w[3];

    memset(packed, 0, packed_count(call, i) * sizeof(float));
    if (i == 2) {
        for (uint32_t part = 0; part < parts_of(call); part++)
            memcpy(packed + part * bias_count(call), plain + part * outputs,
                   outputs * sizeof(float));
        return;
    }
    for (uint32_t o = 0; o < w[0]; o++) {
        float *part = packed + o / outputs * weight_count(call);
        for (uint32_t c = 0; c < w[1]; c++) {
            for (uint32_t tap = 0; tap < taps; tap++)
                part[sfm_gemm_weight_at(tile, w[1], taps, o % outputs, c, tap)] = *plain++;
        }
    }
}

const SfmVkKernel sfm_vk_lavapipe_conv = {
    .base = {
        .name = "lavapipe/conv",
        .op = "conv2d",
        .in = { [0] = SFM_LAYOUT_C4, [3] = SFM_LAYOUT_C4 },
        .out = { SFM_LAYOUT_C4 },
        .in_place = 1 << 3,
        .gflops = 65.0,
    },
    .dispatches = dispatches,
    .packed_count = packed_count,
    .pack = pack,
};
