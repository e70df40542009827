// SPDX-License-Identifier: GPL-3.0-or-later
//
// A straight line.
//
//     x [any]  ->  y = x scale + offset, as x

#include "ops/affine.h"

#include "graph/op.h"
#include "ops/draw.h"
#include "params/affine.h"

static bool infer(SfmCall *call, GError **error)
{
    call->out[0] = call->in[0];
    return true;
}

static void reference(const SfmCall *call, float *const out[], const float *const in[])
{
    const SfmAffine *a = call->attrs;
    const size_t count = sfm_shape_count(call->in[0]);

    for (size_t i = 0; i < count; i++)
        out[0][i] = (float)((double)in[0][i] * a->scale + a->offset);
}

static void launch(const SfmCall *call, SfmLaunch *l)
{
    const SfmAffine *a = call->attrs;
    const struct AffineParams p = {
        .count = (uint32_t)sfm_shape_count(call->in[0]),
        .scale = a->scale,
        .offset = a->offset,
    };

    sfm_launch_count(l, p.count, ELEMENT_GROUP_SIZE);
    sfm_launch_push(l, &p, sizeof(p));
}

static void sample(GRand *rand, SfmCall *call, void *attrs)
{
    SfmAffine *a = attrs;

    a->scale = (float)g_rand_double_range(rand, -2.0, 2.0);
    a->offset = (float)g_rand_double_range(rand, -2.0, 2.0);
    call->num_inputs = 1;
    call->in[0] = sfm_draw_shape(rand, SFM_SHAPE(3, 7, 11, 11));
}

const SfmOp sfm_op_affine = {
    .name = "affine",
    .min_inputs = 1,
    .max_inputs = 1,
    .num_outputs = 1,
    .attrs_size = sizeof(SfmAffine),
    .infer = infer,
    .reference = reference,
    .launch = launch,
    .sample = sample,
};
