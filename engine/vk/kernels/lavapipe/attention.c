// SPDX-License-Identifier: GPL-3.0-or-later
//
// Attention as two products of shaders/kernels/lavapipe/gemm.comp. The keys lie as
// the first one's weights must; the values are turned first, and become the
// second one's.
//
//     turned = v^T; scores = k^T q; weights = softmax(scores); y = v weights

#include "ops/attention.h"

#include <glib.h>
#include <math.h>

#include "params/attention4.h"
#include "vk/kernels/lavapipe/gemm.h"
#include "vk/kernels/lavapipe/kernels.h"

#define MAX_PASSES (SFM_MAX_DISPATCHES / 4)
#define PASS_BYTES ((size_t)48 << 20) // of scratch memory, as far as MAX_PASSES allows
#define MAX_HEAD   ((size_t)96 << 20) // bytes of one head: lavapipe binds 128 MiB at most

typedef struct {
    uint32_t heads, pass_heads; // of all images; of a pass
    uint32_t queries, keys;
    uint32_t key_blocks, head_blocks; // in fours
    size_t turned_size, scores_size;  // bytes in the scratch memory
} Sizes;

// Memory of the scores grows with the square of the pixels, so that heads go
// through in passes.
static Sizes sizes(const SfmCall *call)
{
    const SfmAttention *a = call->attrs;
    const SfmShape q = call->in[0], k = call->in[1];
    Sizes s = {
        .heads = q.dim[0] * a->heads,
        .queries = pixels_of(q),
        .keys = pixels_of(k),
        .key_blocks = ceil_div(pixels_of(k), 4),
        .head_blocks = ceil_div(q.dim[1] / a->heads, 4),
    };
    const size_t turned = (size_t)s.key_blocks * s.head_blocks * 4 * TEXEL_BYTES;
    const size_t scores = (size_t)s.key_blocks * s.queries * TEXEL_BYTES;
    const size_t fitting = CLAMP(PASS_BYTES / (turned + scores), 1, s.heads);

    s.pass_heads = MAX((uint32_t)fitting, ceil_div(s.heads, MAX_PASSES));
    s.turned_size = (turned * s.pass_heads + 255) / 256 * 256; // what may be an offset
    s.scores_size = scores * s.pass_heads;
    return s;
}

// A head must begin with a texel.
static bool applies(const SfmCall *call)
{
    const SfmAttention *a = call->attrs;
    const Sizes s = sizes(call);
    return (a->heads == 1 || call->in[0].dim[1] / a->heads % 4 == 0) &&
           (s.turned_size + s.scores_size) / s.pass_heads <= MAX_HEAD;
}

static size_t scratch(const SfmCall *call)
{
    const Sizes s = sizes(call);
    return s.turned_size + s.scores_size;
}

// All of a pass is read before its result is written: if there is one alone, all.
static uint32_t reads_first(const SfmCall *call)
{
    const Sizes s = sizes(call);
    return s.pass_heads >= s.heads ? 1 << 0 | 1 << 1 | 1 << 2 : 0;
}

// A product over `blocks` for each head: queries are the pixels.
static struct GemmParams product(const Sizes *s, const GemmTile *tile, uint32_t blocks,
                                 uint32_t out_blocks, uint32_t weight_step)
{
    return (struct GemmParams){
        .pixels = s->queries,
        .image_pixels = s->queries,
        .width = s->queries,
        .in_height = 1,
        .in_width = s->queries,
        .kernel = 1,
        .stride = 1,
        .blocks = blocks,
        .out_blocks = out_blocks,
        .in_batch = blocks * s->queries,
        .in_plane = s->queries,
        .out_batch = out_blocks * s->queries,
        .out_plane = s->queries,
        .weight_batch = blocks * weight_step,
        .weight_tile = tile->outputs,
        .weight_step = weight_step,
    };
}

// Turns the values of some heads and multiplies their keys and queries.
static void score(const Sizes *s, const struct Attention4Params *a, uint32_t heads,
                  SfmVkDispatch d[2])
{
    const GemmTile *tile = sfm_gemm_tile_for(s->queries, s->keys);
    struct GemmParams p = product(s, tile, s->head_blocks, s->key_blocks, s->keys);
    p.in_first = a->first_head * p.in_batch;
    p.weight_first = a->first_head * p.weight_batch;

    d[0] = dispatch("lavapipe/transpose", ceil_div(s->key_blocks, LANES), s->head_blocks, heads, a,
                    sizeof(*a));
    bind(&d[0], SFM_BIND_INPUT, 2, true);
    bind_scratch(&d[0], 0, s->turned_size);
    d[0].binding[1].texel = false;

    d[1] = sfm_gemm_product(tile, &p, heads);
    bind(&d[1], SFM_BIND_INPUT, 0, true);
    bind(&d[1], SFM_BIND_INPUT, 1, true);
    bind_scratch(&d[1], s->turned_size, s->scores_size);
    d[1].binding[2].texel = false;
}

// Makes weights of the scores and multiplies the values by them.
static void mix(const Sizes *s, const struct Attention4Params *a, uint32_t heads,
                SfmVkDispatch d[2])
{
    const GemmTile *tile = sfm_gemm_tile_for(s->queries, s->head_blocks * 4);
    struct GemmParams p = product(s, tile, s->key_blocks, s->head_blocks, s->head_blocks * 4);
    p.out_first = a->first_head * p.out_batch;

    d[0] = dispatch("lavapipe/softmax", ceil_div(s->queries, LANES), 1, heads, a, sizeof(*a));
    bind_scratch(&d[0], s->turned_size, s->scores_size); // loaded from,
    bind_scratch(&d[0], s->turned_size, s->scores_size); // and stored to
    d[0].binding[1].texel = false;

    d[1] = sfm_gemm_product(tile, &p, heads);
    bind_scratch(&d[1], s->turned_size, s->scores_size);
    bind_scratch(&d[1], 0, s->turned_size);
    bind(&d[1], SFM_BIND_OUTPUT, 0, false);
}

static int dispatches(const SfmCall *call, SfmVkDispatch *out)
{
    const SfmAttention *attrs = call->attrs;
    const Sizes s = sizes(call);
    struct Attention4Params a = {
        .queries = s.queries,
        .keys = s.keys,
        .key_blocks = s.key_blocks,
        .head_blocks = s.head_blocks,
        .scale = (float)(1.0 / sqrt((double)call->in[0].dim[1] / attrs->heads)),
    };
    int count = 0;

    for (uint32_t first = 0; first < s.heads; first += s.pass_heads) {
        const uint32_t heads = MIN(s.pass_heads, s.heads - first);
        a.first_head = first;
        score(&s, &a, heads, out + count);
        mix(&s, &a, heads, out + count + 2);
        count += 4;
    }
    return count;
}

const SfmVkKernel sfm_vk_lavapipe_attention = {
    .base = {
        .name = "lavapipe/attention",
        .op = "attention",
        .in = { SFM_LAYOUT_C4, SFM_LAYOUT_C4, SFM_LAYOUT_C4 },
        .out = { SFM_LAYOUT_C4 },
        .applies = applies,
        .scratch = scratch,
        .reads_first = reads_first,
        .gflops = 50.0,
    },
    .dispatches = dispatches,
};
