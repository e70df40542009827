// SPDX-License-Identifier: GPL-3.0-or-later
//
// Group normalisation (Wu & He, arXiv:1803.08494).
//
//     x [N, C, H, W], gamma [1, C, 1, 1], beta [1, C, 1, 1]  ->  y [N, C, H, W]
//     y = (x - mean) / sqrt(var + eps) * gamma + beta
//
// Mean and (biased) variance are taken over each group of C / groups channels
// of each image. A group's values lie side by side: a group is one row.

#include "ops/group_norm.h"

#include <math.h>
#include <string.h>

#include "graph/op.h"
#include "params/group_norm.h"

static struct GroupNormParams params(const SfmCall *call)
{
    const SfmGroupNorm *a = call->attrs;
    const uint32_t *x = call->in[0].dim;

    return (struct GroupNormParams){
        .channels = x[1] / a->groups,
        .pixels = x[2] * x[3],
        .groups = a->groups,
        .eps = a->eps,
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
    if (!sfm_shape_equal(call->in[1], per_channel) || !sfm_shape_equal(call->in[2], per_channel))
        return sfm_fail(error, SFM_ERROR_BAD_SHAPE,
                        "group_norm: gamma and beta must be [1, %u, 1, 1]", x.dim[1]);

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
        y[i] = (float)((x[i] - mean) * scale * gamma[c] + beta[c]);
    }
}

static void reference(const SfmCall *call, float *const out[], const float *const in[])
{
    const struct GroupNormParams p = params(call);
    const size_t row_size = (size_t)p.channels * p.pixels;
    const size_t rows = (size_t)call->in[0].dim[0] * p.groups;

    for (size_t row = 0; row < rows; row++) {
        const size_t at = row * row_size;
        const size_t c = row % p.groups * p.channels;
        norm_row(&p, out[0] + at, in[0] + at, in[1] + c, in[2] + c);
    }
}

static void launch(const SfmCall *call, SfmLaunch *l)
{
    const struct GroupNormParams p = params(call);

    l->groups[0] = call->in[0].dim[0] * p.groups; // a workgroup a row
    l->groups[1] = l->groups[2] = 1;
    l->push_size = sizeof(p);
    memcpy(l->push, &p, sizeof(p));
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
};
