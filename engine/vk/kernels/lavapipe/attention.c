// SPDX-License-Identifier: GPL-3.0-or-later
//
// Attention as one launch, whose workgroups keep the scores of their queries in the
// scratch memory: shaders/kernels/lavapipe/attention.comp.

#include "ops/attention.h"

#include <glib.h>
#include <math.h>

#include "params/attention4.h"
#include "vk/kernels/launch.h"
#include "vk/kernels/lavapipe/kernels.h"

#define QUERIES    (ATTENTION4_VECTORS * LANES) // of a tile
#define PASS_BYTES ((size_t)48 << 20) // of scratch memory, as far as SFM_MAX_DISPATCHES allows
#define MAX_HEAD   ((size_t)96 << 20) // bytes of one head: lavapipe binds 128 MiB at most

typedef struct {
    uint32_t head_tiles, tiles, pass_tiles; // of a head, of all images, of a pass
    size_t slot_size;                       // bytes of a tile's scores
} Sizes;

// Memory of the scores grows with the square of the pixels, so that tiles go
// through in passes.
static Sizes sizes(const SfmCall *call)
{
    const SfmAttention *a = call->attrs;
    const SfmShape q = call->in[0], k = call->in[1];
    const size_t keys = (size_t)ceil_div(pixels_of(k), ATTENTION4_KEYS) * ATTENTION4_KEYS;
    Sizes s = {
        .head_tiles = ceil_div(pixels_of(q), QUERIES),
        .slot_size = QUERIES * keys * sizeof(float),
    };
    s.tiles = q.dim[0] * a->heads * s.head_tiles;

    const size_t fitting = CLAMP(PASS_BYTES / s.slot_size, 1, s.tiles);
    s.pass_tiles = MAX((uint32_t)fitting, ceil_div(s.tiles, SFM_MAX_DISPATCHES));
    return s;
}

static struct Attention4Params params(const SfmCall *call)
{
    const SfmAttention *a = call->attrs;
    const uint32_t channels = call->in[0].dim[1] / a->heads;

    return (struct Attention4Params){
        .head_tiles = ceil_div(pixels_of(call->in[0]), QUERIES),
        .queries = pixels_of(call->in[0]),
        .keys = pixels_of(call->in[1]),
        .head_quads = ceil_div(channels, 4),
        .scale = (float)(1.0 / sqrt(channels)),
    };
}

static uint64_t turns(const struct Attention4Params *p)
{
    const uint64_t key_eights = ceil_div(p->keys, LANES);
    const uint64_t slices = ceil_div(p->head_quads, ATTENTION4_CHANNELS / 4);

    return (uint64_t)ceil_div(p->keys, ATTENTION4_KEYS) * (p->head_quads + 1) + key_eights +
           slices * (key_eights + 1);
}

// A head must begin with a texel.
static bool applies(const SfmCall *call)
{
    const SfmAttention *a = call->attrs;
    const struct Attention4Params p = params(call);
    const Sizes s = sizes(call);

    return (a->heads == 1 || call->in[0].dim[1] / a->heads % 4 == 0) && turns(&p) < MAX_TURNS &&
           s.slot_size * s.head_tiles <= MAX_HEAD;
}

static size_t scratch(const SfmCall *call)
{
    const Sizes s = sizes(call);
    return s.slot_size * s.pass_tiles;
}

static int dispatches(const SfmCall *call, SfmVkDispatch *out)
{
    const Sizes s = sizes(call);
    struct Attention4Params p = params(call);
    const char *shader = p.queries % 2 == 0 ? "lavapipe/attention_pairs" : "lavapipe/attention";
    int count = 0;

    for (; p.first_tile < s.tiles; p.first_tile += s.pass_tiles) {
        SfmVkDispatch *d = &out[count++];
        *d = dispatch(shader, MIN(s.pass_tiles, s.tiles - p.first_tile), 1, 1, &p, sizeof(p));
        for (int i = 0; i < 3; i++)
            bind(d, SFM_BIND_INPUT, i, true);
        bind_scratch(d, 0, 0); // loaded from,
        bind_scratch(d, 0, 0); // and stored to
        d->binding[4].texel = false;
        bind(d, SFM_BIND_OUTPUT, 0, false);
    }
    return count;
}

const SfmVkKernel sfm_vk_lavapipe_attention = {
    .base = {
        .name = "lavapipe/attention",
        .op = "attention",
        .in = { SFM_LAYOUT_C4, SFM_LAYOUT_C4, SFM_LAYOUT_C4 },
        .out = { SFM_LAYOUT_C4 },
        .in_place = 1 << 0,
        .applies = applies,
        .scratch = scratch,
        .gflops = 50.0,
    },
    .dispatches = dispatches,
};
