// SPDX-License-Identifier: GPL-3.0-or-later
//
// The value below which lies a share of an image (torch.quantile's definition).
//
//     x [N, C, H, W]  ->  y [N, 1, 1, 1]
//     y = s[r] + (s[r + 1] - s[r]) f,    r + f = (C H W - 1) q, r whole, 0 <= f < 1
//
// where s are the image's values, or magnitudes, in ascending order. A NaN
// anywhere in an image makes its quantile NaN.

#include "ops/quantile.h"

#include <math.h>
#include <stdlib.h>

#include "graph/op.h"
#include "ops/draw.h"
#include "params/quantile.h"

static bool infer(SfmCall *call, GError **error)
{
    const SfmQuantile *a = call->attrs;
    if (!(a->q >= 0 && a->q <= 1))
        return sfm_fail(error, SFM_ERROR_BAD_SHAPE, "quantile: q is %g, not within 0 .. 1", a->q);

    call->out[0] = SFM_SHAPE(call->in[0].dim[0], 1, 1, 1);
    return true;
}

static struct QuantileParams params(const SfmCall *call)
{
    const SfmQuantile *a = call->attrs;
    const uint32_t *x = call->in[0].dim;
    const uint32_t count = x[1] * x[2] * x[3];
    const double position = (count - 1) * (double)a->q;

    return (struct QuantileParams){
        .images = x[0],
        .count = count,
        .absolute = a->absolute,
        .rank = (uint32_t)position,
        .fraction = (float)(position - floor(position)),
    };
}

static int compare_floats(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;

    return (x > y) - (x < y);
}

static double quantile(const struct QuantileParams *p, const float *x, float *sorted)
{
    for (size_t i = 0; i < p->count; i++) {
        if (isnan(x[i]))
            return NAN;
        sorted[i] = p->absolute ? fabsf(x[i]) : x[i];
    }
    qsort(sorted, p->count, sizeof(*sorted), compare_floats);

    const double low = sorted[p->rank];
    const double high = sorted[p->fraction > 0 ? p->rank + 1 : p->rank];
    return low == high ? low : low + (high - low) * p->fraction;
}

static void reference(const SfmCall *call, float *const out[], const float *const in[])
{
    const struct QuantileParams p = params(call);
    g_autofree float *sorted = g_new(float, p.count);

    for (size_t n = 0; n < p.images; n++)
        out[0][n] = (float)quantile(&p, in[0] + n * p.count, sorted);
}

static void launch(const SfmCall *call, SfmLaunch *l)
{
    const struct QuantileParams p = params(call);

    sfm_launch_count(l, p.images, 1); // a workgroup an image
    sfm_launch_push(l, &p, sizeof(p));
}

// Five passes of a handful of operations a value.
static double flop(const SfmCall *call)
{
    return 25.0 * (double)sfm_shape_count(call->in[0]);
}

static void sample(GRand *rand, SfmCall *call, void *attrs)
{
    static const float corners[] = { 0, 0.5f, 0.995f, 1 };
    const int i = g_rand_int_range(rand, 0, 2 * G_N_ELEMENTS(corners));

    *(SfmQuantile *)attrs = (SfmQuantile){
        .q = i < (int)G_N_ELEMENTS(corners) ? corners[i] : (float)g_rand_double(rand),
        .absolute = g_rand_boolean(rand),
    };
    call->num_inputs = 1;
    call->in[0] = sfm_draw_shape(rand, SFM_SHAPE(4, 5, 19, 19));
}

// Uniform, half of them cut to eighths, so that many values occur more than
// once; and now and then a NaN.
static void fill(GRand *rand, const SfmCall *call, int i, float *data)
{
    const size_t count = sfm_shape_count(call->in[i]);

    for (size_t j = 0; j < count; j++) {
        const double value = g_rand_double_range(rand, -2, 2);
        data[j] = (float)(g_rand_boolean(rand) ? value : floor(value * 8) / 8);
    }
    sfm_draw_nan(rand, call, i, 3, data);
}

const SfmOp sfm_op_quantile = {
    .name = "quantile",
    .min_inputs = 1,
    .max_inputs = 1,
    .num_outputs = 1,
    .attrs_size = sizeof(SfmQuantile),
    .infer = infer,
    .reference = reference,
    .launch = launch,
    .flop = flop,
    .sample = sample,
    .fill = fill,
};
