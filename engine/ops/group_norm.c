// SPDX-License-Identifier: GPL-3.0-or-later
//
// Group normalisation (Wu & He, arXiv:1803.08494).
//
//     x [N, C, H, W], gamma [1, C, 1, 1], beta [1, C, 1, 1]  ->  y [N, C, H, W]
//     y = act((x - mean) / sqrt(var + eps) * gamma + beta)
//
// Mean and (biased) variance are taken over each group of C / groups channels
// of each image. A group's values lie side by side: a group is one row.

#include "ops/group_norm.h"

#include <math.h>

#include "graph/op.h"
#include "ops/expect.h"
#include "params/group_norm.h"

static struct GroupNormParams params(const SfmCall *call)
{
    const SfmGroupNorm *a = call->attrs;
    const uint32_t *x = call->in[0].dim;

    return (struct GroupNormParams){
        .channels = x[1] / a->groups,
        .pixels = x[2] * x[3],
        .groups = a->groups,
        .rows = x[0] * a->groups,
        .eps = a->eps,
        .act = a->act,
    };
}

static bool infer(SfmCall *call, GError **error)
{
    const SfmGroupNorm *a = call->attrs;
    const SfmShape x = call->in[0];
    const SfmShape per_channel = SFM_SHAPE(1, x.dim[1], 1, 1);

    if (a->groups == 0 || x.dim[1] % a->groups != 0)
        return sfm_fail(error, SFM_ERROR_BAD_SHAPE, "group_norm: %u channels, %u groups", x.dim[1],
                        a->groups);
    if (!sfm_expect_shape(call, 1, "gamma", per_channel, error) ||
        !sfm_expect_shape(call, 2, "beta", per_channel, error) ||
        !sfm_activation_valid("group_norm", a->act, error))
        return false;

    call->out[0] = x;
    return true;
}

static void norm_row(const struct GroupNormParams *p, float *y, const float *x, const float *gamma,
                     const float *beta)
{
    const size_t count = (size_t)p->channels * p->pixels;

    double mean = 0.0;
    for (size_t i = 0; i < count; i++)
        mean += x[i];
    mean /= (double)count;

    double var = 0.0;
    for (size_t i = 0; i < count; i++)
        var += (x[i] - mean) * (x[i] - mean);
    var /= (double)count;

    const double scale = 1.0 / sqrt(var + p->eps);
    for (size_t i = 0; i < count; i++) {
        const size_t c = i / p->pixels;
        y[i] = (float)sfm_activate((SfmActivationKind)p->act,
                                   (x[i] - mean) * scale * gamma[c] + beta[c]);
    }
}

static void reference(const SfmCall *call, float *const out[], const float *const in[])
{
    const struct GroupNormParams p = params(call);
    const size_t row_size = (size_t)p.channels * p.pixels;

    for (size_t row = 0; row < p.rows; row++) {
        const size_t at = row * row_size;
        const size_t c = row % p.groups * p.channels;
        norm_row(&p, out[0] + at, in[0] + at, in[1] + c, in[2] + c);
    }
}

static void launch(const SfmCall *call, SfmLaunch *l)
{
    const struct GroupNormParams p = params(call);

    sfm_launch_count(l, p.rows, 1); // a workgroup a row
    sfm_launch_push(l, &p, sizeof(p));
}

// Rows of nine values or more: were their spread near zero by chance, the
// rounding of x itself would show.
static void sample(GRand *rand, SfmCall *call, void *attrs)
{
    SfmGroupNorm *a = attrs;
    a->groups = (uint32_t)g_rand_int_range(rand, 1, 5);
    a->eps = 1e-5f;
    a->act = (SfmActivationKind)g_rand_int_range(rand, 0, SFM_NUM_ACTIVATIONS);

    const uint32_t channels = a->groups * (uint32_t)g_rand_int_range(rand, 1, 5);
    call->num_inputs = 3;
    call->in[0] =
        SFM_SHAPE((uint32_t)g_rand_int_range(rand, 1, 4), channels,
                  (uint32_t)g_rand_int_range(rand, 3, 20), (uint32_t)g_rand_int_range(rand, 3, 20));
    call->in[1] = call->in[2] = SFM_SHAPE(1, channels, 1, 1);
}

const SfmOp sfm_op_group_norm = {
    .name = "group_norm",
    .min_inputs = 3,
    .max_inputs = 3,
    .num_outputs = 1,
    .attrs_size = sizeof(SfmGroupNorm),
    .infer = infer,
    .reference = reference,
    .launch = launch,
    .sample = sample,
};
