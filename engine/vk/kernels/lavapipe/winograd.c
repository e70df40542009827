// SPDX-License-Identifier: GPL-3.0-or-later
//
// 3x3 convolutions of stride 1 as Winograd F(4x4, 3x3) and F(2x2, 3x3) (Lavin &
// Gray, arXiv:1509.09308): transform tiles of (SIZE + 2)^2 pixels, multiply
// frequency by frequency, transform back. A quarter, or four ninths, of the
// multiplications of a direct convolution.
//
// Tiles of all images lie in one row. They go through in passes, so that the
// memory between the transforms is bounded.
//
// Joint kernels make the products and the transform back in one launch, with the
// same bits: shaders/kernels/lavapipe/winograd_joint.comp. Those with a norm do as much
// for a group norm and the transform of what it makes: winograd_norm.comp.

#include <glib.h>

#include "vk/kernels/lavapipe/kernels.h"
#include "vk/kernels/lavapipe/winograd.h"

#define MAX_PASSES  (SFM_MAX_DISPATCHES / 3)
#define LEAST_PASS  ((size_t)4 << 20)  // bytes of both spectra
#define MOST_PASS   ((size_t)24 << 20) // likewise, as far as MAX_PASSES allows
#define MAX_WEIGHTS ((size_t)96 << 20) // bytes: lavapipe binds 128 MiB at most

static const WinogradTransform transform4 = {
    .size = 4,
    .span = 6,
    .in = { "lavapipe/winograd4_in", "lavapipe/winograd4_in_pairs" },
    .out = { "lavapipe/winograd4_out", "lavapipe/winograd4_out_pairs" },
    .residual = { "lavapipe/winograd4_out_residual", "lavapipe/winograd4_out_residual_pairs" },
    .norm = { "lavapipe/winograd4_norm", "lavapipe/winograd4_norm_pairs" },
    .joint = sfm_winograd4_joint_tiles,
    .filter = {
        { 1, 0, 0 },
        { -2 / 3.0, -G_SQRT2 / 3, -1 / 3.0 },
        { -2 / 3.0, G_SQRT2 / 3, -1 / 3.0 },
        { 1 / 6.0, G_SQRT2 / 6, 1 / 3.0 },
        { 1 / 6.0, -G_SQRT2 / 6, 1 / 3.0 },
        { 0, 0, 1 },
    },
};

static const WinogradTransform transform2 = {
    .size = 2,
    .span = 4,
    .in = { "lavapipe/winograd2_in", "lavapipe/winograd2_in_pairs" },
    .out = { "lavapipe/winograd2_out", "lavapipe/winograd2_out_pairs" },
    .residual = { "lavapipe/winograd2_out_residual", "lavapipe/winograd2_out_residual_pairs" },
    .norm = { "lavapipe/winograd2_norm", "lavapipe/winograd2_norm_pairs" },
    .joint = sfm_winograd2_joint_tiles,
    .filter = { { 1, 0, 0 }, { 0.5, 0.5, 0.5 }, { 0.5, -0.5, 0.5 }, { 0, 0, 1 } },
};

// What a kernel of the table does.
typedef struct {
    const WinogradTransform *transform;
    bool joint;  // products and the transform back are one launch
    bool normed; // and a group norm and the transform, of norm_conv2d
} Way;

static const Way f4 = { &transform4, false, false }, f2 = { &transform2, false, false };
static const Way f4_joint = { &transform4, true, false }, f2_joint = { &transform2, true, false };
static const Way f4_norm = { &transform4, true, true }, f2_norm = { &transform2, true, true };

// The convolution that a call is, or has.
static SfmCall conv_of(const SfmCall *call, const Way *way)
{
    return way->normed ? sfm_norm_conv2d_conv(call) : *call;
}

// ---- passes -----------------------------------------------------------------

// Bytes of both spectra of one tile.
static size_t tile_bytes(const SfmCall *call, const WinogradTransform *t)
{
    return (size_t)t->span * t->span * (quads_of(call->in[0]) + quads_of(call->out[0])) *
           TEXEL_BYTES;
}

// Bytes of both spectra that a pass may have. Each pass reads all weights again, so
// that they are what it must be large beside: textures at 256 x 256 take 0.87 of the
// time in passes of 4 MiB, the CIFAR-10 network in batches of four 1.05.
static size_t pass_bytes(const SfmCall *call, const WinogradTransform *t)
{
    const uint32_t *w = call->in[1].dim; // [O, C, 3, 3]
    const size_t weights = (size_t)w[0] * w[1] * t->span * t->span * sizeof(float);
    return CLAMP(3 * weights, LEAST_PASS, MOST_PASS);
}

// ---- when -------------------------------------------------------------------

static bool is_plain_3x3(const SfmCall *call)
{
    const SfmConv2d *a = call->attrs;
    const size_t pairs = (size_t)call->in[1].dim[0] * call->in[1].dim[1];
    return pairs * WINOGRAD_MAX_SPAN * WINOGRAD_MAX_SPAN * sizeof(float) <= MAX_WEIGHTS &&
           a->kernel == 3 && a->stride == 1 && a->top == 1 && a->left == 1 && a->bottom == 1 &&
           a->right == 1 && parts_of(call) == 1 && call->in[1].dim[1] >= 16 &&
           call->in[1].dim[0] >= 8;
}

static const GemmTile *product_tile(SfmShape y, const Way *way)
{
    return way->joint ? sfm_winograd_joint_tile(way->transform, y)
                      : sfm_gemm_tile_for(image_tiles(y, way->transform->size), y.dim[1]);
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

static bool f4_joint_applies(const SfmCall *call)
{
    return f4_applies(call) && sfm_winograd_joint_applies(call, &transform4);
}

static bool f2_joint_applies(const SfmCall *call)
{
    return f2_applies(call) && sfm_winograd_joint_applies(call, &transform2);
}

static bool f4_joint_pays(const SfmCall *call)
{
    return f4_pays(call) && sfm_winograd_joint_pays(call, &transform4);
}

static bool f2_joint_pays(const SfmCall *call)
{
    return f2_pays(call) && sfm_winograd_joint_pays(call, &transform2);
}

// What goes through in one pass alone, since each would take the statistics again.
static bool norm_applies(const SfmCall *call, const Way *way)
{
    const SfmCall conv = conv_of(call, way);
    const WinogradTransform *t = way->transform;
    const size_t image = image_tiles(call->in[0], t->size) * tile_bytes(&conv, t);
    return image <= pass_bytes(&conv, t) && sfm_winograd_norm_applies(call, t);
}

static bool f4_norm_applies(const SfmCall *call)
{
    const SfmCall conv = conv_of(call, &f4_norm);
    return f4_joint_applies(&conv) && norm_applies(call, &f4_norm);
}

static bool f2_norm_applies(const SfmCall *call)
{
    const SfmCall conv = conv_of(call, &f2_norm);
    return f2_joint_applies(&conv) && norm_applies(call, &f2_norm);
}

static bool f4_norm_pays(const SfmCall *call)
{
    const SfmCall conv = conv_of(call, &f4_norm);
    return f4_joint_pays(&conv) && sfm_winograd_norm_pays(call);
}

static bool f2_norm_pays(const SfmCall *call)
{
    const SfmCall conv = conv_of(call, &f2_norm);
    return f2_joint_pays(&conv) && sfm_winograd_norm_pays(call);
}

// ---- where ------------------------------------------------------------------

// A line more than the planes take: 36 strides of a power of two would fight for
// the same sets of the cache, five times slower at 64x64.
static size_t frequency_stride(uint32_t planes, uint32_t tiles)
{
    return ((size_t)planes * tiles + 3) / 4 * 4 + 4;
}

// The tiles of a pass where about so many fit, in whole units unless all fit in less.
static uint32_t pass_tiles(uint32_t tiles, uint32_t fitting, uint32_t unit)
{
    const uint32_t units = ceil_div(tiles, unit);
    const uint32_t passes = MIN(ceil_div(tiles, fitting), MAX_PASSES);
    return MIN(ceil_div(units, passes) * unit, tiles);
}

static WinogradLayout layout(const SfmCall *call, const Way *way)
{
    const SfmCall conv = conv_of(call, way);
    const WinogradTransform *t = way->transform;
    const SfmShape x = conv.in[0], y = conv.out[0];
    const uint32_t image = image_tiles(y, t->size), tiles = y.dim[0] * image;
    const uint32_t fitting = (uint32_t)MAX(pass_bytes(&conv, t) / tile_bytes(&conv, t), 1);

    WinogradLayout l = { .pass_tiles = pass_tiles(tiles, fitting, way->normed ? image : 32) };
    l.num_passes = ceil_div(tiles, l.pass_tiles);
    l.in_stride = frequency_stride(quads_of(x), l.pass_tiles);
    l.out_stride = frequency_stride(quads_of(y), l.pass_tiles);
    l.in_size = l.in_stride * t->span * t->span * TEXEL_BYTES;
    l.in_size = (l.in_size + 255) / 256 * 256; // what every device takes as an offset
    l.out_size = way->joint ? sfm_winograd_joint_size(t, y, l.pass_tiles)
                            : l.out_stride * t->span * t->span * TEXEL_BYTES;
    if (way->normed)
        l.out_size = MAX(l.out_size, sfm_winograd_norm_size(call, l.pass_tiles / image));
    return l;
}

static size_t scratch(const SfmCall *call, const Way *way)
{
    const WinogradLayout l = layout(call, way);
    return l.in_size + l.out_size;
}

// A pass transforms what it needs of x before it writes any of y: if there is one
// alone, x is read by then.
static uint32_t reads_first(const SfmCall *call, const Way *way)
{
    return layout(call, way).num_passes == 1 ? 1 << 0 : 0;
}

// ---- how --------------------------------------------------------------------

struct WinogradParams sfm_winograd_tiling(const WinogradTransform *t, SfmShape map,
                                          uint32_t first_tile, uint32_t tiles, size_t stride)
{
    const uint32_t row_tiles = ceil_div(map.dim[3], t->size);
    return (struct WinogradParams){
        .first_tile = first_tile,
        .tiles = tiles,
        .image_tiles = image_tiles(map, t->size),
        .row_tiles = row_tiles,
        .inverse_image_tiles = 1.0f / (float)image_tiles(map, t->size),
        .inverse_row_tiles = 1.0f / (float)row_tiles,
        .planes = quads_of(map),
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
static SfmVkDispatch transform_in(const SfmCall *call, const WinogradTransform *t,
                                  const WinogradLayout *l, uint32_t first_tile, uint32_t tiles)
{
    const SfmConv2d *a = call->attrs;
    const SfmShape y = call->out[0]; // as high and wide as x is seen
    const SfmShape x = SFM_SHAPE(y.dim[0], call->in[0].dim[1], y.dim[2], y.dim[3]);
    const bool pairs = ceil_div(x.dim[3], t->size) % 2 == 0;

    struct WinogradParams p = sfm_winograd_tiling(t, x, first_tile, tiles, l->in_stride);

    p.doubled = a->doubled;
    p.wrap_height = a->wrap.y ? x.dim[2] : 0;
    p.wrap_width = a->wrap.x ? x.dim[3] : 0;
    SfmVkDispatch d = transform(t->in[pairs], pairs ? 2 : 1, &p);
    bind(&d, SFM_BIND_INPUT, 0, true);
    bind_scratch(&d, 0, l->in_size);
    d.binding[1].texel = false;
    return d;
}

static SfmVkDispatch transform_out(const SfmCall *call, const WinogradTransform *t,
                                   const WinogradLayout *l, uint32_t first_tile, uint32_t tiles)
{
    const SfmConv2d *a = call->attrs;
    const SfmShape y = call->out[0];
    const bool pairs = y.dim[3] % 2 == 0, addend = call->num_inputs > 3;
    const uint32_t addend_pixels = addend ? pixels_of(call->in[3]) : 0;
    struct WinogradParams p = sfm_winograd_tiling(t, y, first_tile, tiles, l->out_stride);

    p.addend_image = quads_of(y) * addend_pixels;
    p.scale = addend ? a->scale : 1;
    SfmVkDispatch d = transform(addend_pixels > 1 ? t->residual[pairs] : t->out[pairs], 1, &p);
    bind_scratch(&d, l->in_size, l->out_size);
    bind(&d, SFM_BIND_INPUT, 2, true);
    bind(&d, SFM_BIND_INPUT, addend ? 3 : 2, true); // without one, any
    bind(&d, SFM_BIND_OUTPUT, 0, false);
    return d;
}

static SfmVkDispatch multiply(const SfmCall *call, const WinogradTransform *t,
                              const WinogradLayout *l, uint32_t tiles)
{
    const SfmShape x = call->in[0], y = call->out[0];
    const GemmTile *tile = sfm_gemm_tile_for(image_tiles(y, t->size), y.dim[1]);
    const size_t weights = sfm_gemm_weight_count(tile, y.dim[1], x.dim[1], 1);
    struct GemmParams p = {
        .pixels = tiles,
        .image_pixels = tiles,
        .width = tiles,
        .in_height = 1,
        .in_width = tiles,
        .kernel = 1,
        .stride = 1,
        .quads = quads_of(x),
        .out_quads = quads_of(y),
        .in_batch = (uint32_t)l->in_stride,
        .in_plane = tiles,
        .out_batch = (uint32_t)l->out_stride,
        .out_plane = tiles,
        .weight_batch = (uint32_t)(weights / 4),
        .weight_tile = quads_of(x) * tile->outputs,
        .weight_step = tile->outputs,
    };
    return sfm_gemm_product(tile, &p, t->span * t->span);
}

// Products and the transform back, if they are launches of their own.
static void separate(const SfmCall *call, const WinogradTransform *t, const WinogradLayout *l,
                     uint32_t first_tile, uint32_t tiles, SfmVkDispatch d[2])
{
    d[0] = multiply(call, t, l, tiles);
    bind_scratch(&d[0], 0, l->in_size);
    bind(&d[0], SFM_BIND_INPUT, 1, true);
    bind_scratch(&d[0], l->in_size, l->out_size);
    d[0].binding[2].texel = false;

    d[1] = transform_out(call, t, l, first_tile, tiles);
}

// Products and the transform back of a call of norm_conv2d, whose addend is another input.
static SfmVkDispatch joint(const SfmCall *call, const SfmCall *conv, const Way *way,
                           const WinogradLayout *l, uint32_t first_tile, uint32_t tiles)
{
    SfmVkDispatch d = sfm_winograd_joint(conv, way->transform, l, first_tile, tiles);

    for (int i = 0; way->normed && i < d.num_bindings; i++) {
        if (d.binding[i].kind == SFM_BIND_INPUT)
            d.binding[i].index = sfm_norm_conv2d_input(d.binding[i].index);
    }
    return d;
}

static int dispatches(const SfmCall *call, const Way *way, SfmVkDispatch *out)
{
    const WinogradTransform *t = way->transform;
    const SfmCall conv = conv_of(call, way);
    const WinogradLayout l = layout(call, way);
    const SfmShape y = call->out[0];
    const uint32_t all = y.dim[0] * image_tiles(y, t->size), launches = way->joint ? 2 : 3;

    for (uint32_t pass = 0; pass < l.num_passes; pass++) {
        const uint32_t first = pass * l.pass_tiles;
        const uint32_t tiles = MIN(l.pass_tiles, all - first);
        SfmVkDispatch *d = out + launches * pass;

        d[0] = way->normed ? sfm_winograd_norm(call, t, &l, first, tiles)
                           : transform_in(&conv, t, &l, first, tiles);
        if (way->joint)
            d[1] = joint(call, &conv, way, &l, first, tiles);
        else
            separate(&conv, t, &l, first, tiles, d + 1);
    }
    return (int)(launches * l.num_passes);
}

// ---- weights ----------------------------------------------------------------

// u = G w G^T
static void transform_filter(const WinogradTransform *t, const float w[9],
                             double u[WINOGRAD_MAX_SPAN * WINOGRAD_MAX_SPAN])
{
    double half[WINOGRAD_MAX_SPAN][3];

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

static size_t packed_count(const SfmCall *call, const Way *way, int i)
{
    const uint32_t *w = call->in[1].dim; // [O, C, 3, 3]
    const GemmTile *tile = product_tile(call->out[0], way);
    const uint32_t frequencies = way->transform->span * way->transform->span;

    if (i > 2) // gamma and beta, which fill their texels
        return call->in[i].dim[1];
    return i == 1 ? frequencies * sfm_gemm_weight_count(tile, w[0], w[1], 1)
                  : sfm_gemm_bias_count(tile, w[0]);
}

static void pack(const SfmCall *call, const Way *way, int i, const float *plain, float *packed)
{
    const uint32_t *w = call->in[1].dim;
    const GemmTile *tile = product_tile(call->out[0], way);
    const uint32_t frequencies = way->transform->span * way->transform->span;
    const size_t frequency = sfm_gemm_weight_count(tile, w[0], w[1], 1);

    memset(packed, 0, packed_count(call, way, i) * sizeof(float));
    if (i >= 2) {
        memcpy(packed, plain, call->in[i].dim[1] * sizeof(float));
        return;
    }
    for (uint32_t o = 0; o < w[0]; o++) {
        for (uint32_t c = 0; c < w[1]; c++) {
            double u[WINOGRAD_MAX_SPAN * WINOGRAD_MAX_SPAN];
            transform_filter(way->transform, plain + ((size_t)o * w[1] + c) * 9, u);
            float *to = packed + sfm_gemm_weight_at(tile, w[1], 1, o, c, 0);
            for (uint32_t f = 0; f < frequencies; f++)
                to[f * frequency] = (float)u[f];
        }
    }
}

// ---- the two sizes, each way ------------------------------------------------

// `addend` is the number of that input, and `with_norm` the kernel that has a norm too.
#define WINOGRAD(way, word, its_op, addend, speed, with_norm)                             \
    static size_t way##_scratch(const SfmCall *call)                                      \
    {                                                                                     \
        return scratch(call, &way);                                                       \
    }                                                                                     \
    static uint32_t way##_reads_first(const SfmCall *call)                                \
    {                                                                                     \
        return reads_first(call, &way);                                                   \
    }                                                                                     \
    static int way##_dispatches(const SfmCall *call, SfmVkDispatch *out)                  \
    {                                                                                     \
        return dispatches(call, &way, out);                                               \
    }                                                                                     \
    static size_t way##_packed_count(const SfmCall *call, int i)                          \
    {                                                                                     \
        return packed_count(call, &way, i);                                               \
    }                                                                                     \
    static void way##_pack(const SfmCall *call, int i, const float *plain, float *packed) \
    {                                                                                     \
        pack(call, &way, i, plain, packed);                                               \
    }                                                                                     \
    const SfmVkKernel sfm_vk_lavapipe_##word = {                                          \
        .base = {                                                                         \
            .name = "lavapipe/" #word,                                                    \
            .op = its_op,                                                                 \
            .in = { [0] = SFM_LAYOUT_C4, [addend] = SFM_LAYOUT_C4 },                      \
            .out = { SFM_LAYOUT_C4 },                                                     \
            .in_place = 1 << (addend),                                                    \
            .applies = way##_applies,                                                     \
            .pays = way##_pays,                                                           \
            .scratch = way##_scratch,                                                     \
            .reads_first = way##_reads_first,                                             \
            .gflops = speed,                                                              \
            .normed = with_norm,                                                          \
        },                                                                                \
        .dispatches = way##_dispatches,                                                   \
        .packed_count = way##_packed_count,                                               \
        .pack = way##_pack,                                                               \
    }

WINOGRAD(f4, winograd4, "conv2d", 3, 130.0, NULL);
WINOGRAD(f2, winograd2, "conv2d", 3, 90.0, NULL);
WINOGRAD(f4_norm, winograd4_norm, "norm_conv2d", 5, 130.0, NULL);
WINOGRAD(f2_norm, winograd2_norm, "norm_conv2d", 5, 90.0, NULL);
WINOGRAD(f4_joint, winograd4_joint, "conv2d", 3, 130.0, &sfm_vk_lavapipe_winograd4_norm.base);
WINOGRAD(f2_joint, winograd2_joint, "conv2d", 3, 90.0, &sfm_vk_lavapipe_winograd2_norm.base);
