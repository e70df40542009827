// SPDX-License-Identifier: GPL-3.0-or-later
//
// 3x3 convolutions of stride 1 as Winograd F(4x4, 3x3) and F(2x2, 3x3) (Lavin &
// Gray, arXiv:1509.09308): transform tiles of (SIZE + 2)^2 pixels, multiply
// frequency by frequency, transform back. A quarter, or four ninths, of the
// multiplications of a direct convolution.
//
// Tiles of all images lie in one row. They go through in passes, so that the
// memory between the transforms is bounded.

#include <glib.h>

#include "ops/conv2d.h"
#include "params/winograd.h"
#include "vk/kernels/lavapipe/gemm.h"
#include "vk/kernels/lavapipe/kernels.h"

#define MAX_SPAN    6
#define MAX_PASSES  (SFM_MAX_DISPATCHES / 3)
#define LEAST_PASS  ((size_t)4 << 20)  // bytes of both spectra
#define MOST_PASS   ((size_t)24 << 20) // likewise, as far as MAX_PASSES allows
#define MAX_WEIGHTS ((size_t)96 << 20) // bytes: lavapipe binds 128 MiB at most

typedef struct {
    uint32_t size, span; // of a tile's output and input, in pixels
    const char *in_shader, *in_pairs_shader, *out_shader, *out_pairs_shader;
    const char *residual_shader, *residual_pairs_shader; // the last two with an addend as y
    double filter[MAX_SPAN][3];                          // G
} Transform;

static const Transform f4 = {
    .size = 4,
    .span = 6,
    .in_shader = "lavapipe/winograd4_in",
    .in_pairs_shader = "lavapipe/winograd4_in_pairs",
    .out_shader = "lavapipe/winograd4_out",
    .out_pairs_shader = "lavapipe/winograd4_out_pairs",
    .residual_shader = "lavapipe/winograd4_out_residual",
    .residual_pairs_shader = "lavapipe/winograd4_out_residual_pairs",
    .filter = {
        { 1, 0, 0 },
        { -2 / 3.0, -G_SQRT2 / 3, -1 / 3.0 },
        { -2 / 3.0, G_SQRT2 / 3, -1 / 3.0 },
        { 1 / 6.0, G_SQRT2 / 6, 1 / 3.0 },
        { 1 / 6.0, -G_SQRT2 / 6, 1 / 3.0 },
        { 0, 0, 1 },
    },
};

static const Transform f2 = {
    .size = 2,
    .span = 4,
    .in_shader = "lavapipe/winograd2_in",
    .in_pairs_shader = "lavapipe/winograd2_in_pairs",
    .out_shader = "lavapipe/winograd2_out",
    .out_pairs_shader = "lavapipe/winograd2_out_pairs",
    .residual_shader = "lavapipe/winograd2_out_residual",
    .residual_pairs_shader = "lavapipe/winograd2_out_residual_pairs",
    .filter = { { 1, 0, 0 }, { 0.5, 0.5, 0.5 }, { 0.5, -0.5, 0.5 }, { 0, 0, 1 } },
};

// ---- when -------------------------------------------------------------------

static bool is_plain_3x3(const SfmCall *call)
{
    const SfmConv2d *a = call->attrs;
    const size_t pairs = (size_t)call->in[1].dim[0] * call->in[1].dim[1];
    return pairs * MAX_SPAN * MAX_SPAN * sizeof(float) <= MAX_WEIGHTS && a->kernel == 3 &&
           a->stride == 1 && a->top == 1 && a->left == 1 && a->bottom == 1 && a->right == 1 &&
           parts_of(call) == 1 && call->in[1].dim[1] >= 16 && call->in[1].dim[0] >= 8;
}

static uint32_t image_tiles(SfmShape y, uint32_t size)
{
    return ceil_div(y.dim[2], size) * ceil_div(y.dim[3], size);
}

static const GemmTile *product_tile(SfmShape y, const Transform *t)
{
    return sfm_gemm_tile_for(image_tiles(y, t->size), y.dim[1]);
}

// Of one image, for each input channel, in units of the product's cost.
static double work(SfmShape y, uint32_t columns, uint32_t frequencies)
{
    const GemmTile *tile = sfm_gemm_tile_for(columns, y.dim[1]);
    return sfm_gemm_cost(tile, columns, y.dim[1]) * frequencies;
}

// The margins stand for the transforms: measured between 4x4 and 64x64 pixels.
static bool f4_applies(const SfmCall *call)
{
    const SfmShape y = call->out[0];
    const double own = work(y, image_tiles(y, 4), 36);
    return is_plain_3x3(call) && own * 1.5 <= work(y, pixels_of(y), 9) &&
           own * 1.3 <= work(y, image_tiles(y, 2), 16);
}

static bool f2_applies(const SfmCall *call)
{
    const SfmShape y = call->out[0];
    return is_plain_3x3(call) && work(y, image_tiles(y, 2), 16) * 1.4 <= work(y, pixels_of(y), 9);
}

// Few channels are transformed in more time than their products take: `sfumato tune`
// found direct convolutions 1.0 to 2.4 times as fast with 32 to 192 channels at 6 x 6
// to 12 x 12, and 0.74 to 0.93 times with 256 and 512.
static bool f2_pays(const SfmCall *call)
{
    return (size_t)call->in[1].dim[0] * call->in[1].dim[1] >= 128 * 256;
}

// 48 -> 12 at 32 x 32 goes 1.2 to 1.6 times as fast without.
static bool f4_pays(const SfmCall *call)
{
    return call->in[1].dim[0] >= 16;
}

// ---- where ------------------------------------------------------------------

typedef struct {
    uint32_t pass_tiles, num_passes;
    size_t in_stride, out_stride; // texels from one frequency to the next
    size_t in_size, out_size;     // bytes of the spectra
} Layout;

// A line more than the planes take: 36 strides of a power of two would fight for
// the same sets of the cache, five times slower at 64x64.
static size_t frequency_stride(uint32_t planes, uint32_t tiles)
{
    return ((size_t)planes * tiles + 3) / 4 * 4 + 4;
}

// Bytes of both spectra that a pass may have. Each pass reads all weights again, so
// that they are what it must be large beside: textures at 256 x 256 take 0.87 of the
// time in passes of 4 MiB, the CIFAR-10 network in batches of four 1.05.
static size_t pass_bytes(const SfmCall *call, const Transform *t)
{
    const uint32_t *w = call->in[1].dim; // [O, C, 3, 3]
    const size_t weights = (size_t)w[0] * w[1] * t->span * t->span * sizeof(float);
    return CLAMP(3 * weights, LEAST_PASS, MOST_PASS);
}

static Layout layout(const SfmCall *call, const Transform *t)
{
    const SfmShape x = call->in[0], y = call->out[0];
    const uint32_t tiles = y.dim[0] * image_tiles(y, t->size);
    const size_t tile_bytes =
        (size_t)t->span * t->span * (planes_of(x) + planes_of(y)) * TEXEL_BYTES;
    const uint32_t fitting = (uint32_t)MAX(pass_bytes(call, t) / tile_bytes, 1);
    const uint32_t passes = MIN(ceil_div(tiles, fitting), MAX_PASSES);

    Layout l = { .pass_tiles = ceil_div(ceil_div(tiles, passes), 32) * 32 };
    l.pass_tiles = MIN(l.pass_tiles, tiles);
    l.num_passes = ceil_div(tiles, l.pass_tiles);
    l.in_stride = frequency_stride(planes_of(x), l.pass_tiles);
    l.out_stride = frequency_stride(planes_of(y), l.pass_tiles);
    l.in_size = l.in_stride * t->span * t->span * TEXEL_BYTES;
    l.in_size = (l.in_size + 255) / 256 * 256; // what every device takes as an offset
    l.out_size = l.out_stride * t->span * t->span * TEXEL_BYTES;
    return l;
}

static size_t scratch(const SfmCall *call, const Transform *t)
{
    const Layout l = layout(call, t);
    return l.in_size + l.out_size;
}

// A pass transforms what it needs of x before it writes any of y: if there is one
// alone, x is read by then.
static uint32_t reads_first(const SfmCall *call, const Transform *t)
{
    return layout(call, t).num_passes == 1 ? 1 << 0 : 0;
}

// ---- how --------------------------------------------------------------------

// What both transforms are told of the map [N, C, H, W] that they cut into tiles.
static struct WinogradParams tiling(const Transform *t, SfmShape map, uint32_t first_tile,
                                    uint32_t tiles, size_t stride)
{
    const uint32_t row_tiles = ceil_div(map.dim[3], t->size);
    return (struct WinogradParams){
        .first_tile = first_tile,
        .tiles = tiles,
        .image_tiles = image_tiles(map, t->size),
        .row_tiles = row_tiles,
        .inverse_image_tiles = 1.0f / (float)image_tiles(map, t->size),
        .inverse_row_tiles = 1.0f / (float)row_tiles,
        .planes = planes_of(map),
        .height = map.dim[2],
        .width = map.dim[3],
        .frequency_stride = (uint32_t)stride,
    };
}

static SfmVkDispatch transform(const char *shader, uint32_t lane_tiles,
                               const struct WinogradParams *p)
{
    return dispatch(shader, ceil_div(p->tiles, LANES * lane_tiles), p->planes, 1, p, sizeof(*p));
}

// Two neighbours share a store, where all tiles have one.
static SfmVkDispatch transform_in(const SfmCall *call, const Transform *t, const Layout *l,
                                  uint32_t first_tile, uint32_t tiles)
{
    const SfmConv2d *a = call->attrs;
    const SfmShape x = call->in[0];
    const bool pairs = ceil_div(x.dim[3], t->size) % 2 == 0;

    struct WinogradParams p = tiling(t, x, first_tile, tiles, l->in_stride);

    p.wrap_height = a->wrap.y ? x.dim[2] : 0;
    p.wrap_width = a->wrap.x ? x.dim[3] : 0;
    SfmVkDispatch d = transform(pairs ? t->in_pairs_shader : t->in_shader, pairs ? 2 : 1, &p);
    bind(&d, SFM_BIND_INPUT, 0, true);
    bind_scratch(&d, 0, l->in_size);
    d.binding[1].texel = false;
    return d;
}

static SfmVkDispatch transform_out(const SfmCall *call, const Transform *t, const Layout *l,
                                   uint32_t first_tile, uint32_t tiles)
{
    const SfmConv2d *a = call->attrs;
    const SfmShape y = call->out[0];
    const bool pairs = y.dim[3] % 2 == 0, addend = call->num_inputs > 3;
    const uint32_t addend_pixels = addend ? pixels_of(call->in[3]) : 0;
    struct WinogradParams p = tiling(t, y, first_tile, tiles, l->out_stride);

    p.addend_image = planes_of(y) * addend_pixels;
    p.scale = addend ? a->scale : 1;
    SfmVkDispatch d =
        transform(addend_pixels > 1 ? pairs ? t->residual_pairs_shader : t->residual_shader
                  : pairs           ? t->out_pairs_shader
                                    : t->out_shader,
                  1, &p);
    bind_scratch(&d, l->in_size, l->out_size);
    bind(&d, SFM_BIND_INPUT, 2, true);
    bind(&d, SFM_BIND_INPUT, addend ? 3 : 2, true); // without one, any
    bind(&d, SFM_BIND_OUTPUT, 0, false);
    return d;
}

static SfmVkDispatch multiply(const SfmCall *call, const Transform *t, const Layout *l,
                              uint32_t tiles)
{
    const SfmShape x = call->in[0], y = call->out[0];
    const GemmTile *tile = product_tile(y, t);
    const size_t weights = sfm_gemm_weight_count(tile, y.dim[1], x.dim[1], 1);
    struct GemmParams p = {
        .pixels = tiles,
        .image_pixels = tiles,
        .width = tiles,
        .in_height = 1,
        .in_width = tiles,
        .kernel = 1,
        .stride = 1,
        .blocks = planes_of(x),
        .out_blocks = planes_of(y),
        .in_batch = (uint32_t)l->in_stride,
        .in_plane = tiles,
        .out_batch = (uint32_t)l->out_stride,
        .out_plane = tiles,
        .weight_batch = (uint32_t)(weights / 4),
        .weight_tile = planes_of(x) * tile->outputs,
        .weight_step = tile->outputs,
    };
    return sfm_gemm_product(tile, &p, t->span * t->span);
}

static int dispatches(const SfmCall *call, const Transform *t, SfmVkDispatch *out)
{
    const Layout l = layout(call, t);
    const SfmShape y = call->out[0];
    const uint32_t all = y.dim[0] * image_tiles(y, t->size);

    for (uint32_t pass = 0; pass < l.num_passes; pass++) {
        const uint32_t first = pass * l.pass_tiles;
        const uint32_t tiles = MIN(l.pass_tiles, all - first);
        SfmVkDispatch *d = out + 3 * pass;

        d[0] = transform_in(call, t, &l, first, tiles);

        d[1] = multiply(call, t, &l, tiles);
        bind_scratch(&d[1], 0, l.in_size);
        bind(&d[1], SFM_BIND_INPUT, 1, true);
        bind_scratch(&d[1], l.in_size, l.out_size);
        d[1].binding[2].texel = false;

        d[2] = transform_out(call, t, &l, first, tiles);
    }
    return (int)(3 * l.num_passes);
}

// ---- weights ----------------------------------------------------------------

// u = G w G^T
static void transform_filter(const Transform *t, const float w[9], double u[MAX_SPAN * MAX_SPAN])
{
    double half[MAX_SPAN][3];

    for (uint32_t i = 0; i < t->span; i++) {
        const double *g = t->filter[i];
        for (int k = 0; k < 3; k++)
            half[i][k] = g[0] * w[k] + g[1] * w[3 + k] + g[2] * w[6 + k];
    }
    for (uint32_t i = 0; i < t->span; i++) {
        for (uint32_t j = 0; j < t->span; j++) {
            const double *g = t->filter[j];
            u[i * t->span + j] = half[i][0] * g[0] + half[i][1] * g[1] + half[i][2] * g[2];
        }
    }
}

static size_t packed_count(const SfmCall *call, const Transform *t, int i)
{
    const uint32_t *w = call->in[1].dim; // [O, C, 3, 3]
    const GemmTile *tile = product_tile(call->out[0], t);

    return i == 1 ? t->span * t->span * sfm_gemm_weight_count(tile, w[0], w[1], 1)
                  : sfm_gemm_bias_count(tile, w[0]);
}

static void pack(const SfmCall *call, const Transform *t, int i, const float *plain, float *packed)
{
    const uint32_t *w = call->in[1].dim;
    const GemmTile *tile = product_tile(call->out[0], t);
    const size_t frequency = sfm_gemm_weight_count(tile, w[0], w[1], 1);

    memset(packed, 0, packed_count(call, t, i) * sizeof(float));
    if (i == 2) {
        memcpy(packed, plain, w[0] * sizeof(float));
        return;
    }
    for (uint32_t o = 0; o < w[0]; o++) {
        for (uint32_t c = 0; c < w[1]; c++) {
            double u[MAX_SPAN * MAX_SPAN];
            transform_filter(t, plain + ((size_t)o * w[1] + c) * 9, u);
            float *to = packed + sfm_gemm_weight_at(tile, w[1], 1, o, c, 0);
            for (uint32_t f = 0; f < t->span * t->span; f++)
                to[f * frequency] = (float)u[f];
        }
    }
}

// ---- the two sizes ----------------------------------------------------------

#define WINOGRAD(t, word, speed)                                                        \
    static size_t t##_scratch(const SfmCall *call)                                      \
    {                                                                                   \
        return scratch(call, &t);                                                       \
    }                                                                                   \
    static uint32_t t##_reads_first(const SfmCall *call)                                \
    {                                                                                   \
        return reads_first(call, &t);                                                   \
    }                                                                                   \
    static int t##_dispatches(const SfmCall *call, SfmVkDispatch *out)                  \
    {                                                                                   \
        return dispatches(call, &t, out);                                               \
    }                                                                                   \
    static size_t t##_packed_count(const SfmCall *call, int i)                          \
    {                                                                                   \
        return packed_count(call, &t, i);                                               \
    }                                                                                   \
    static void t##_pack(const SfmCall *call, int i, const float *plain, float *packed) \
    {                                                                                   \
        pack(call, &t, i, plain, packed);                                               \
    }                                                                                   \
    const SfmVkKernel sfm_vk_lavapipe_##word = {                                                   \
        .base = {                                                                                  \
            .name = "lavapipe/" #word,                                                             \
            .op = "conv2d",                                                                        \
            .in = { [0] = SFM_LAYOUT_C4, [3] = SFM_LAYOUT_C4 },                                    \
            .out = { SFM_LAYOUT_C4 },                                                              \
            .in_place = 1 << 3,                                                                    \
            .applies = t##_applies,                                                                \
            .pays = t##_pays,                                                                      \
            .scratch = t##_scratch,                                                                \
            .reads_first = t##_reads_first,                                                        \
            .gflops = speed,                                                                       \
        },                                                                                         \
        .dispatches = t##_dispatches,                                                              \
        .packed_count = t##_packed_count,                                                          \
        .pack = t##_pack,                                                                          \
    }

WINOGRAD(f4, winograd4, 130.0);
WINOGRAD(f2, winograd2, 90.0);
