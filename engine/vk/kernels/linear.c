// SPDX-License-Identifier: GPL-3.0-or-later
#include "params/linear4.h"
#include "vk/kernels/gemm.h"
#include "vk/kernels/kernels.h"

// Weights lie as gemm's do, which makes of a vector 32 outputs.
static const GemmTile tile = { .shader = "lavapipe/linear", .outputs = 32 };

// Inputs are read as texels.
static bool applies(const SfmCall *call)
{
    return call->in[0].dim[1] % 4 == 0;
}

static int dispatches(const SfmCall *call, SfmVkDispatch *out)
{
    const uint32_t outputs = call->out[0].dim[1];
    const struct Linear4Params p = { .in_blocks = planes_of(call->in[0]), .outputs = outputs };

    out[0] = dispatch(tile.shader, ceil_div(outputs, tile.outputs), call->in[0].dim[0], 1, &p,
                      sizeof(p));
    bind(&out[0], SFM_BIND_INPUT, 0, true);
    bind(&out[0], SFM_BIND_INPUT, 1, true);
    bind(&out[0], SFM_BIND_INPUT, 2, false);
    bind(&out[0], SFM_BIND_OUTPUT, 0, false);
    return 1;
}

static size_t packed_count(const SfmCall *call, int i)
{
    const uint32_t *w = call->in[1].dim; // [O, I, 1, 1]
    return i == 1 ? sfm_gemm_weight_count(&tile, w[0], w[1], 1) : w[0];
}

static void pack(const SfmCall *call, int i, const float *plain, float *packed)
{
    const uint32_t *w = call->in[1].dim;

    if (i == 2) {
        memcpy(packed, plain, w[0] * sizeof(float));
        return;
    }
    memset(packed, 0, packed_count(call, i) * sizeof(float));
    for (uint32_t o = 0; o < w[0]; o++) {
        for (uint32_t c = 0; c < w[1]; c++)
            packed[sfm_gemm_weight_at(&tile, w[1], 1, o, c, 0)] = *plain++;
    }
}

const SfmVkKernel sfm_vk_lavapipe_linear = {
    .base = {
        .name = "lavapipe/linear",
        .op = "linear",
        .applies = applies,
        .gflops = 10.0,
    },
    .dispatches = dispatches,
    .packed_count = packed_count,
    .pack = pack,
};
