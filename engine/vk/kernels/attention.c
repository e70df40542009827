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
#include "vk/kernels/gemm.h"
#include "vk/kernels/kernels.h"

#define MAX_SCRATCH ((size_t)256 << 20) // for one image

typedef struct {
    uint32_t heads; // of all images
    uint32_t queries, keys;
    uint32_t key_blocks, head_blocks; // in fours
    size_t turned_size, scores_size;  // bytes in the scratch memory
} Sizes;

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
    s.turned_size = (size_t)s.heads * s.key_blocks * s.head_blocks * 4 * TEXEL_BYTES;
    s.turned_size = (s.turned_size + 255) / 256 * 256; // what every device takes as an offset
    s.scores_size = (size_t)s.heads * s.key_blocks * s.queries * TEXEL_BYTES;
    return s;
}

// A head must begin with a texel.
static bool applies(const SfmCall *call)
{
    const SfmAttention *a = call->attrs;
    const Sizes s = sizes(call);
    return (a->heads == 1 || call->in[0].dim[1] / a->heads % 4 == 0) &&
           (s.turned_size + s.scores_size) / call->in[0].dim[0] <= MAX_SCRATCH;
}

static size_t scratch(const SfmCall *call)
{
    const Sizes s = sizes(call);
    return s.turned_size + s.scores_size;
}

// A product over `blocks` for each head: queries are the pixels.
static SfmVkDispatch multiply(const Sizes *s, uint32_t blocks, uint32_t out_blocks,
                              uint32_t weight_step)
{
    const GemmTile *tile = s->queries <= 16 ? &sfm_gemm_2x32 : &sfm_gemm_4x16;
    struct GemmParams p = {
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
    return sfm_gemm_dispatch(tile, &p, s->heads);
}

static int dispatches(const SfmCall *call, SfmVkDispatch *out)
{
    const SfmAttention *a = call->attrs;
    const Sizes s = sizes(call);
    const struct Attention4Params p = {
        .queries = s.queries,
        .keys = s.keys,
        .key_blocks = s.key_blocks,
        .head_blocks = s.head_blocks,
        .scale = (float)(1.0 / sqrt((double)call->in[0].dim[1] / a->heads)),
    };

    out[0] = dispatch("lavapipe/transpose", ceil_div(s.key_blocks, LANES), s.head_blocks, s.heads,
                      &p, sizeof(p));
    bind(&out[0], SFM_BIND_INPUT, 2, true);
    bind_scratch(&out[0], 0, s.turned_size);

    // There is no bias; the binding wants some buffer.
    out[1] = multiply(&s, s.head_blocks, s.key_blocks, s.keys);
    bind(&out[1], SFM_BIND_INPUT, 0, true);
    bind(&out[1], SFM_BIND_INPUT, 1, true);
    bind(&out[1], SFM_BIND_INPUT, 1, true);
    bind_scratch(&out[1], s.turned_size, s.scores_size);

    out[2] = dispatch("lavapipe/softmax", ceil_div(s.queries, LANES), 1, s.heads, &p, sizeof(p));
    bind_scratch(&out[2], s.turned_size, s.scores_size);

    out[3] = multiply(&s, s.key_blocks, s.head_blocks, s.head_blocks * 4);
    bind_scratch(&out[3], s.turned_size, s.scores_size);
    bind_scratch(&out[3], 0, s.turned_size);
    bind_scratch(&out[3], 0, s.turned_size);
    bind(&out[3], SFM_BIND_OUTPUT, 0, true);
    return 4;
}

const SfmVkKernel sfm_vk_lavapipe_attention = {
    .base = {
        .name = "lavapipe/attention",
        .op = "attention",
        .in = { SFM_LAYOUT_C4, SFM_LAYOUT_C4, SFM_LAYOUT_C4 },
        .out = { SFM_LAYOUT_C4 },
        .applies = applies,
        .scratch = scratch,
        .gflops = 50.0,
    },
    .dispatches = dispatches,
};
