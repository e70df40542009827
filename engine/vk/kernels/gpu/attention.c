// SPDX-License-Identifier: GPL-3.0-or-later
//
// Attention in one dispatch: shaders/kernels/gpu/attention.comp. A variant is as wide
// as the slice of a head that a workgroup makes, and takes as many queries as its
// invocations have registers for.

#include "ops/attention.h"

#include <glib.h>
#include <math.h>

#include "params/gpu_attention.h"
#include "vk/kernels/gpu/gpu.h"
#include "vk/kernels/gpu/kernels.h"

typedef struct {
    uint32_t out_quads, queries;
    const char *on_halves, *on_floats; // shaders
} Variant;

#define VARIANT(quads, queries)                               \
    {                                                         \
        quads, queries, "gpu/attention_" #quads "x" #queries, \
            "gpu-fp32/attention_" #quads "x" #queries         \
    }

// By width; of one width those with more queries first, which load keys less often, and
// are taken where an image has enough workgroups even so.
static const Variant variants[] = {
    VARIANT(4, 64),  VARIANT(16, 64), VARIANT(16, 16),
    VARIANT(64, 32), VARIANT(64, 16), VARIANT(128, 16),
};

// Quads of a head. A single head may end within one; there the map has zeros.
static uint32_t head_quads(const SfmCall *call)
{
    const SfmAttention *a = call->attrs;
    return ceil_div(call->in[0].dim[1] / a->heads, 4);
}

static uint32_t groups_of(const SfmCall *call, const Variant *v)
{
    const SfmAttention *a = call->attrs;
    return ceil_div(pixels_of(call->in[0]), v->queries) * a->heads *
           ceil_div(head_quads(call), v->out_quads);
}

static const Variant *variant_for(const SfmCall *call)
{
    const Variant *last = &variants[G_N_ELEMENTS(variants) - 1];
    const Variant *v = variants;

    while (v < last && v->out_quads < head_quads(call))
        v++;
    if (v < last && v[1].out_quads == v->out_quads && groups_of(call, v) < GPU_WORKGROUPS)
        v++;
    return v;
}

// What the shader's loops make together: one over blocks of keys, and in each one over
// the head's quads. All others are unrolled.
static uint64_t turns(const SfmCall *call)
{
    return (uint64_t)ceil_div(pixels_of(call->in[1]), GPU_ATTENTION_KEYS) *
           (1 + ceil_div(head_quads(call), GPU_ATTENTION_DEPTH));
}

// Each head must begin with a quad, and the launch be one that devices grant.
static bool applies(const SfmCall *call)
{
    const SfmAttention *a = call->attrs;
    const Variant *v = variant_for(call);
    const uint64_t slices = (uint64_t)a->heads * ceil_div(head_quads(call), v->out_quads);

    return (a->heads == 1 || call->in[0].dim[1] / a->heads % 4 == 0) && slices <= MAX_GROUPS &&
           ceil_div(pixels_of(call->in[0]), v->queries) <= MAX_GROUPS && turns(call) <= MAX_TURNS;
}

static int attention(const SfmCall *call, bool halves, SfmVkDispatch *out)
{
    const Variant *v = variant_for(call);
    const SfmAttention *a = call->attrs;
    const struct GpuAttentionParams p = {
        .queries = pixels_of(call->in[0]),
        .keys = pixels_of(call->in[1]),
        .quads = quads_of(call->in[0]),
        .head_quads = head_quads(call),
        .slices = ceil_div(head_quads(call), v->out_quads),
        .scale = (float)(1.0 / sqrt((double)call->in[0].dim[1] / a->heads)),
    };
    *out = dispatch(halves ? v->on_halves : v->on_floats, ceil_div(p.queries, v->queries),
                    a->heads * p.slices, call->in[0].dim[0], &p, sizeof(p));
    for (int i = 0; i < 3; i++)
        gpu_bind(out, SFM_BIND_INPUT, i);
    gpu_bind(out, SFM_BIND_OUTPUT, 0);
    return 1;
}

GPU_DISPATCHES(attention)

#define FIELDS(map, kind, op_name)                                         \
    .base.op = op_name, .base.in = { map, map, map }, .base.out = { map }, \
    .base.applies = applies, .base.gflops = SFM_TARGET_GFLOPS, .dispatches = attention_##kind

GPU_ROWS(attention, FIELDS, "attention")
