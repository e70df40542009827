// SPDX-License-Identifier: GPL-3.0-or-later
#include "ops/group_norm.h"

#include "params/group_norm4.h"
#include "vk/kernels/launch.h"
#include "vk/kernels/lavapipe/kernels.h"

static struct GroupNorm4Params params(const SfmCall *call)
{
    const SfmGroupNorm *a = call->attrs;
    const SfmShape x = call->in[0];
    const uint32_t size = x.dim[1] / a->groups;
    const uint32_t block_groups = size % 4 == 0 ? 1 : size % 2 == 0 ? 2 : 4;

    return (struct GroupNorm4Params){
        .planes = quads_of(x),
        .pixels = pixels_of(x),
        .groups = a->groups,
        .group_size = size,
        .block_groups = block_groups,
        .inverse_count = (float)(1.0 / ((double)size * pixels_of(x))),
        .eps = a->eps,
        .act = a->act,
    };
}

// Texels of a plane that a turn of the shader's loops takes, of the fewest.
#define TURN 8

// Planes that an invocation goes over: those of its groups, once each, since two may share
// one, and all of them again to write.
static uint64_t planes_walked(const struct GroupNorm4Params *p)
{
    const uint32_t channels = MIN(p->block_groups, p->groups) * p->group_size;
    uint64_t planes = ceil_div(channels, 4);

    for (uint32_t at = 0; at < channels; at += p->group_size)
        planes += (at + p->group_size - 1) / 4 - at / 4 + 1;
    return planes;
}

// A larger map is left to the plain shader, whose workgroups have more lanes.
static bool applies(const SfmCall *call)
{
    const struct GroupNorm4Params p = params(call);
    const uint32_t texels = p.pixels % 2 == 0 ? 2 * TURN : TURN;

    return planes_walked(&p) * (ceil_div(p.pixels, texels) + 2) < MAX_TURNS;
}

// By whether texels hold channels of several groups, and whether pixels are even
// in number, so that they can be stored two by two.
static const char *shader(SfmActivationKind act, bool mixed, bool pairs)
{
    static const char *const none[2][2] = {
        { "lavapipe/group_norm", "lavapipe/group_norm_pairs" },
        { "lavapipe/group_norm_mixed", "lavapipe/group_norm_mixed_pairs" },
    };
    static const char *const silu[2][2] = {
        { "lavapipe/group_norm_silu", "lavapipe/group_norm_silu_pairs" },
        { "lavapipe/group_norm_mixed_silu", "lavapipe/group_norm_mixed_silu_pairs" },
    };

    switch (act) {
    case SFM_ACTIVATION_NONE:
        return none[mixed][pairs];
    case SFM_ACTIVATION_SILU:
        return silu[mixed][pairs];
    default:
        return "lavapipe/group_norm_any";
    }
}

static int dispatches(const SfmCall *call, SfmVkDispatch *out)
{
    const SfmGroupNorm *a = call->attrs;
    const struct GroupNorm4Params p = params(call);
    const bool mixed = p.block_groups > 1, pairs = p.pixels % 2 == 0;
    out[0] = dispatch(shader(a->act, mixed, pairs), ceil_div(p.groups, p.block_groups),
                      call->in[0].dim[0], 1, &p, sizeof(p));
    for (int i = 0; i < 3; i++)
        bind(&out[0], SFM_BIND_INPUT, i, true);
    bind(&out[0], SFM_BIND_OUTPUT, 0, false);
    return 1;
}

// gamma and beta, filled up to a whole texel.
static size_t packed_count(const SfmCall *call, int i)
{
    return (size_t)quads_of(call->in[i]) * 4;
}

static void pack(const SfmCall *call, int i, const float *plain, float *packed)
{
    memset(packed, 0, packed_count(call, i) * sizeof(float));
    memcpy(packed, plain, call->in[i].dim[1] * sizeof(float));
}

const SfmVkKernel sfm_vk_lavapipe_group_norm = {
    .base = {
        .name = "lavapipe/group_norm",
        .op = "group_norm",
        .in = { SFM_LAYOUT_C4 },
        .out = { SFM_LAYOUT_C4 },
        .in_place = 1 << 0,
        .applies = applies,
    },
    .dispatches = dispatches,
    .packed_count = packed_count,
    .pack = pack,
};
