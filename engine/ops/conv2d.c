// SPDX-License-Identifier: GPL-3.0-or-later
//
// Convolution over images with padding (a correlation, as networks have it).
//
//     x [N, C, H, W], weight [O, C, K, K], bias [1, O, 1, 1]  ->  y [N, O, OH, OW]
//     y[n, o, i, j] = bias[o] + sum over c, ky, kx of
//         weight[o, c, ky, kx] x[n, c, i stride + ky - top, j stride + kx - left]
//     OH = floor((H + top + bottom - K) / stride) + 1, OW likewise
//
// P convolutions of one x may be one call: weight [P O, C, K, K], bias [P, O, 1, 1]
// -> y [P N, O, OH, OW], where image p N + n is what the p-th makes of image n.
//
// An addend a, a residual [N, O, OH, OW] or a number for each channel of each image
// [N, O, 1, 1], is added at the end: y = (y + a) scale, each value rounded to fp32
// before and after, so that the bits are those of an `add` or `add_channels` behind
// the convolution.
//
// Where `doubled`, x is given as [N, C, H / 2, W / 2], and stands for what
// `upsample_nearest` makes of it: x[n, c, i, j] is the given x's [n, c, i / 2, j / 2].
//
// x is zero outside its image; along an axis that wraps, it goes round instead:
// x[n, c, H + i, j] = x[n, c, i, j] where wrap.y, columns likewise where wrap.x.

#include "ops/conv2d.h"

#include "graph/op.h"
#include "ops/draw.h"
#include "ops/expect.h"
#include "params/conv2d.h"

// The size of y along an axis; 0: there is none.
static uint32_t out_size(uint32_t size, uint32_t before, uint32_t after, const SfmConv2d *a)
{
    const uint64_t padded = (uint64_t)size + before + after;

    return padded < a->kernel ? 0 : (uint32_t)((padded - a->kernel) / a->stride + 1);
}

static bool check_attrs(const SfmConv2d *a, GError **error)
{
    if (a->kernel != 1 && a->kernel != 3)
        return sfm_fail(error, SFM_ERROR_BAD_SHAPE, "conv2d: kernel is %u, must be 1 or 3",
                        a->kernel);
    if (a->stride != 1 && a->stride != 2)
        return sfm_fail(error, SFM_ERROR_BAD_SHAPE, "conv2d: stride is %u, must be 1 or 2",
                        a->stride);
    if (a->top >= a->kernel || a->left >= a->kernel || a->bottom >= a->kernel ||
        a->right >= a->kernel)
        return sfm_fail(error, SFM_ERROR_BAD_SHAPE,
                        "conv2d: padding %u, %u, %u, %u must be less than the kernel's %u", a->top,
                        a->left, a->bottom, a->right, a->kernel);
    return true;
}

// What goes round does so once.
static bool check_wrap(const SfmConv2d *a, uint32_t height, uint32_t width, GError **error)
{
    const uint32_t across = a->wrap.x ? MAX(a->left, a->right) : 0;
    const uint32_t down = a->wrap.y ? MAX(a->top, a->bottom) : 0;

    return (across <= width && down <= height) ||
           sfm_fail(error, SFM_ERROR_BAD_SHAPE,
                    "conv2d: padding of %u, %u cannot wrap around %u x %u pixels", across, down,
                    width, height);
}

// More than can be counted is no shape, doubled or not.
static bool check_doubled(const SfmConv2d *a, const uint32_t *x, GError **error)
{
    return !a->doubled || (x[2] <= INT32_MAX && x[3] <= INT32_MAX) ||
           sfm_fail(error, SFM_ERROR_BAD_SHAPE, "conv2d: %u x %u pixels cannot be doubled", x[3],
                    x[2]);
}

static bool check_addend(const SfmCall *call, GError **error)
{
    const uint32_t *y = call->out[0].dim;

    if (call->num_inputs > 3 && call->in[2].dim[0] > 1)
        return sfm_fail(error, SFM_ERROR_BAD_SHAPE, "conv2d: %u results and an addend",
                        call->in[2].dim[0]);
    return call->num_inputs < 4 || sfm_shape_equal(call->in[3], SFM_SHAPE(y[0], y[1], 1, 1)) ||
           sfm_expect_shape(call, 3, "addend", call->out[0], error);
}

static bool infer(SfmCall *call, GError **error)
{
    const SfmConv2d *a = call->attrs;
    const uint32_t *x = call->in[0].dim;
    const uint32_t parts = sfm_num_parts(call), outputs = call->in[1].dim[0];

    if (!check_attrs(a, error) || !check_doubled(a, x, error))
        return false;
    const uint32_t in_height = sfm_conv2d_seen(a, x[2]), in_width = sfm_conv2d_seen(a, x[3]);
    if (!check_wrap(a, in_height, in_width, error) ||
        !sfm_expect_shape(call, 1, "weight", SFM_SHAPE(outputs, x[1], a->kernel, a->kernel),
                          error) ||
        !sfm_expect_shape(call, 2, "bias", SFM_SHAPE(parts, outputs / parts, 1, 1), error))
        return false;

    const uint32_t height = out_size(in_height, a->top, a->bottom, a);
    const uint32_t width = out_size(in_width, a->left, a->right, a);
    if (height == 0 || width == 0)
        return sfm_fail(error, SFM_ERROR_BAD_SHAPE,
                        "conv2d: %u x %u pixels and padding hold no %u x %u kernel", in_width,
                        in_height, a->kernel, a->kernel);

    call->out[0] = SFM_SHAPE(parts * x[0], outputs / parts, height, width);
    return check_addend(call, error);
}

static struct Conv2dParams params(const SfmCall *call)
{
    const SfmConv2d *a = call->attrs;
    const uint32_t *x = call->in[0].dim, *y = call->out[0].dim;
    const uint32_t height = sfm_conv2d_seen(a, x[2]), width = sfm_conv2d_seen(a, x[3]);
    const bool addend = call->num_inputs > 3;

    return (struct Conv2dParams){
        .count = (uint32_t)sfm_shape_count(call->out[0]),
        .images = x[0],
        .channels = x[1],
        .height = height,
        .width = width,
        .doubled = a->doubled,
        .out_channels = y[1],
        .out_height = y[2],
        .out_width = y[3],
        .kernel = a->kernel,
        .stride = a->stride,
        .top = a->top,
        .left = a->left,
        .wrap_height = a->wrap.y ? height : 0,
        .wrap_width = a->wrap.x ? width : 0,
        .addend_plane = addend ? call->in[3].dim[2] * call->in[3].dim[3] : 0,
        .scale = addend ? a->scale : 1,
    };
}

// Values of a channel of x, as it is given.
static size_t plane_of(const struct Conv2dParams *p)
{
    return (size_t)(p->height >> p->doubled) * (p->width >> p->doubled);
}

static int64_t place(uint32_t wrap_size, int64_t at)
{
    return sfm_wrap_place(wrap_size > 0, at, wrap_size);
}

// The products of one channel's pixels, as they are given, and taps [K, K].
static double taps(const struct Conv2dParams *p, const float *x, const float *weight, uint32_t i,
                   uint32_t j)
{
    double sum = 0.0;

    for (uint32_t ky = 0; ky < p->kernel; ky++) {
        for (uint32_t kx = 0; kx < p->kernel; kx++) {
            const int64_t row = place(p->wrap_height, (int64_t)i * p->stride + ky - p->top);
            const int64_t column = place(p->wrap_width, (int64_t)j * p->stride + kx - p->left);
            if (row >= 0 && row < p->height && column >= 0 && column < p->width)
                sum +=
                    (double)
                        x[(row >> p->doubled) * (p->width >> p->doubled) + (column >> p->doubled)] *
                    weight[ky * p->kernel + kx];
        }
    }
    return sum;
}

// One output channel of one image: y [OH, OW] from x as given, weight [C, K, K].
static void convolve(const struct Conv2dParams *p, float *y, const float *x, const float *weight,
                     double bias)
{
    const size_t x_plane = plane_of(p), w_plane = (size_t)p->kernel * p->kernel;

    for (uint32_t i = 0; i < p->out_height; i++) {
        for (uint32_t j = 0; j < p->out_width; j++) {
            double sum = bias;
            for (uint32_t c = 0; c < p->channels; c++)
                sum += taps(p, x + c * x_plane, weight + c * w_plane, i, j);
            *y++ = (float)sum;
        }
    }
}

// As `add` and `add_channels` round it. `a` may be one value for all pixels.
static void add(const struct Conv2dParams *p, float *y, const float *a)
{
    for (size_t i = 0; i < (size_t)p->out_height * p->out_width; i++)
        y[i] = (float)(((double)y[i] + a[p->addend_plane > 1 ? i : 0]) * p->scale);
}

static void reference(const SfmCall *call, float *const out[], const float *const in[])
{
    const struct Conv2dParams p = params(call);
    const size_t x_image = p.channels * plane_of(&p);
    const size_t weights = (size_t)p.channels * p.kernel * p.kernel;
    const size_t y_plane = (size_t)p.out_height * p.out_width;

    for (uint32_t n = 0; n < call->out[0].dim[0]; n++) {
        const uint32_t first = n / p.images * p.out_channels; // of this part's weights
        for (uint32_t o = 0; o < p.out_channels; o++) {
            const size_t plane = (size_t)n * p.out_channels + o;
            float *y = out[0] + plane * y_plane;
            convolve(&p, y, in[0] + n % p.images * x_image, in[1] + (first + o) * weights,
                     in[2][first + o]);
            if (p.addend_plane > 0)
                add(&p, y, in[3] + plane * p.addend_plane);
        }
    }
}

static void launch(const SfmCall *call, SfmLaunch *l)
{
    const struct Conv2dParams p = params(call);

    sfm_launch_count(l, p.count, ELEMENT_GROUP_SIZE);
    sfm_launch_push(l, &p, sizeof(p));
}

static double flop(const SfmCall *call)
{
    const SfmConv2d *a = call->attrs;

    return 2.0 * (double)sfm_shape_count(call->out[0]) * call->in[0].dim[1] * a->kernel * a->kernel;
}

static uint32_t random_below(GRand *rand, uint32_t end)
{
    return (uint32_t)g_rand_int_range(rand, 0, (int32_t)end);
}

// None, one for each channel, or one for each pixel.
static void draw_addend(GRand *rand, SfmCall *call, SfmConv2d *a)
{
    const uint32_t kind = random_below(rand, 3);

    if (kind == 0 || call->in[2].dim[0] > 1 || !infer(call, NULL))
        return;
    a->scale = (float)g_rand_double_range(rand, 0.25, 2.0);
    call->num_inputs = 4;
    call->in[3] = call->out[0];
    if (kind == 1)
        call->in[3].dim[2] = call->in[3].dim[3] = 1;
}

static void sample(GRand *rand, SfmCall *call, void *attrs)
{
    SfmConv2d *a = attrs;
    a->kernel = random_below(rand, 2) ? 3 : 1;
    a->stride = 1 + random_below(rand, 2);
    a->top = random_below(rand, a->kernel);
    a->left = random_below(rand, a->kernel);
    a->bottom = random_below(rand, a->kernel);
    a->right = random_below(rand, a->kernel);
    a->wrap = sfm_draw_wrap(rand);
    a->doubled = random_below(rand, 4) == 0;

    const uint32_t channels = 1 + random_below(rand, 20), outputs = 1 + random_below(rand, 20);
    const uint32_t parts = random_below(rand, 3) ? 1 : 3;
    call->num_inputs = 3;
    call->in[0] = SFM_SHAPE(1 + random_below(rand, 3), channels, a->kernel + random_below(rand, 10),
                            a->kernel + random_below(rand, 10));
    call->in[1] = SFM_SHAPE(parts * outputs, channels, a->kernel, a->kernel);
    call->in[2] = SFM_SHAPE(parts, outputs, 1, 1);
    draw_addend(rand, call, a);
}

const SfmOp sfm_op_conv2d = {
    .name = "conv2d",
    .min_inputs = 3,
    .max_inputs = 4,
    .num_outputs = 1,
    .attrs_size = sizeof(SfmConv2d),
    .infer = infer,
    .reference = reference,
    .launch = launch,
    .flop = flop,
    .sample = sample,
};
