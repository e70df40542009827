// SPDX-License-Identifier: GPL-3.0-or-later
//
// One number of each image.
//
//     x [N, C, H, W]  ->  y [N, 1, 1, 1]
//     mean:   sum of x / (C H W)
//     rms:    sqrt(sum of x x / (C H W))
//     absmax: the largest |x|
//
// A NaN anywhere in an image makes its number NaN, of each kind.

#include "ops/reduce.h"

#include <assert.h>
#include <math.h>

#include "graph/op.h"
#include "ops/draw.h"
#include "params/reduce.h"

static_assert(SFM_REDUCE_MEAN == REDUCE_MEAN && SFM_REDUCE_RMS == REDUCE_RMS &&
                  SFM_REDUCE_ABSMAX == REDUCE_ABSMAX,
              "the shader counts the kinds as the header does");

static bool infer(SfmCall *call, GError **error)
{
    const SfmReduceKind kind = ((const SfmReduce *)call->attrs)->kind;
    if ((unsigned)kind > SFM_REDUCE_ABSMAX)
        return sfm_fail(error, SFM_ERROR_BAD_SHAPE, "reduce: no kind %u", (unsigned)kind);

    call->out[0] = SFM_SHAPE(call->in[0].dim[0], 1, 1, 1);
    return true;
}

static struct ReduceParams params(const SfmCall *call)
{
    const uint32_t *x = call->in[0].dim;

    return (struct ReduceParams){
        .images = x[0],
        .count = x[1] * x[2] * x[3],
        .kind = ((const SfmReduce *)call->attrs)->kind,
    };
}

static double mean(const float *x, size_t count)
{
    double sum = 0.0;
    for (size_t i = 0; i < count; i++)
        sum += x[i];
    return sum / (double)count;
}

static double rms(const float *x, size_t count)
{
    double sum = 0.0;
    for (size_t i = 0; i < count; i++)
        sum += (double)x[i] * x[i];
    return sqrt(sum / (double)count);
}

static double absmax(const float *x, size_t count)
{
    double highest = 0.0;
    for (size_t i = 0; i < count; i++) {
        if (isnan(x[i]))
            return NAN;
        highest = fmax(highest, fabsf(x[i]));
    }
    return highest;
}

static void reference(const SfmCall *call, float *const out[], const float *const in[])
{
    static double (*const by_kind[])(const float *, size_t) = { mean, rms, absmax };
    const struct ReduceParams p = params(call);

    for (size_t n = 0; n < p.images; n++)
        out[0][n] = (float)by_kind[p.kind](in[0] + n * p.count, p.count);
}

static void launch(const SfmCall *call, SfmLaunch *l)
{
    const struct ReduceParams p = params(call);

    sfm_launch_count(l, p.images, 1); // a workgroup an image
    sfm_launch_push(l, &p, sizeof(p));
}

static double flop(const SfmCall *call)
{
    return 2.0 * (double)sfm_shape_count(call->in[0]);
}

static void sample(GRand *rand, SfmCall *call, void *attrs)
{
    *(SfmReduce *)attrs = (SfmReduce){ .kind = g_rand_int_range(rand, 0, SFM_REDUCE_ABSMAX + 1) };
    call->num_inputs = 1;
    call->in[0] = sfm_draw_shape(rand, SFM_SHAPE(4, 5, 19, 19));
}

// Uniform, and now and then a NaN.
static void fill(GRand *rand, const SfmCall *call, int i, float *data)
{
    sfm_draw_uniform(rand, call, i, -2, 2, data);
    sfm_draw_nan(rand, call, i, 3, data);
}

const SfmOp sfm_op_reduce = {
    .name = "reduce",
    .min_inputs = 1,
    .max_inputs = 1,
    .num_outputs = 1,
    .attrs_size = sizeof(SfmReduce),
    .infer = infer,
    .reference = reference,
    .launch = launch,
    .flop = flop,
    .sample = sample,
    .fill = fill,
};
