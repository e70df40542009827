// SPDX-License-Identifier: GPL-3.0-or-later
#include "ops/linear.h"
#include "params/linear4.h"
#include "vk/kernels/lavapipe/gemm.h"
#include "vk/kernels/lavapipe/kernels.h"

// Weights lie as gemm's do, which makes of a vector 32 outputs.
static const GemmTile tile = { .outputs = 32 };

// Inputs are read as texels.
static bool applies(const SfmCall *call)
{
    return call->in[0].dim[1] % 4 == 0;
}

// Of a part.
static size_t weight_count(const SfmCall *call)
{
    return sfm_gemm_weight_count(&tile, call->out[0].dim[1], call->in[0].dim[1], 1);
}

static const char *shader_for(SfmActivationKind act)
{
    return act == SFM_ACTIVATION_NONE   ? "lavapipe/linear"
           : act == SFM_ACTIVATION_SILU ? "lavapipe/linear_silu"
                                        : "lavapipe/linear_activation";
}

static int dispatches(const SfmCall *call, SfmVkDispatch *out)
{
    const SfmActivationKind act = ((const SfmLinear *)call->attrs)->act;
    const uint32_t num = call->in[0].dim[0], outputs = call->out[0].dim[1];
    const struct Linear4Params p = {
        .in_quads = quads_of(call->in[0]),
        .num = num,
        .outputs = outputs,
        .weight_part = (uint32_t)(weight_count(call) / 4),
        .act = act,
    };

    out[0] = dispatch(shader_for(act), ceil_div(outputs, tile.outputs), num, parts_of(call), &p,
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
    return i == 1 ? parts_of(call) * weight_count(call) : w[0];
}

static void pack(const SfmCall *call, int i, const float *plain, float *packed)
{
    const uint32_t *w = call->in[1].dim, outputs = call->out[0].dim[1];

    if (i == 2) {
        memcpy(packed, plain, w[0] * sizeof(float));
        return;
    }
    memset(packed, 0, packed_count(call, i) * sizeof(float));
    for (uint32_t o = 0; o < w[0]; o++) {
        float *part = packed + o / outputs * weight_count(call);
        for (uint32_t c = 0; c < w[1]; c++)
            part[sfm_gemm_weight_at(&tile, w[1], 1, o % outputs, c, 0)] = *plain++;
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
