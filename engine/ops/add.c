// SPDX-License-Identifier: GPL-3.0-or-later
//
// The sum of two tensors, scaled: where a residual branch meets its shortcut.
//
//     a [any], b as a  ->  y = (a + b) scale, as a

#include "ops/add.h"

#include "graph/op.h"
#include "ops/draw.h"
#include "ops/expect.h"
#include "params/add.h"

static bool infer(SfmCall *call, GError **error)
{
    if (!sfm_expect_shape(call, 1, "b", call->in[0], error))
        return false;
    call->out[0] = call->in[0];
    return true;
}

static void reference(const SfmCall *call, float *const out[], const float *const in[])
{
    const SfmAdd *attrs = call->attrs;
    const size_t count = sfm_shape_count(call->in[0]);

    for (size_t i = 0; i < count; i++)
        out[0][i] = (float)(((double)in[0][i] + in[1][i]) * attrs->scale);
}

static void launch(const SfmCall *call, SfmLaunch *l)
{
    const SfmAdd *attrs = call->attrs;
    const struct AddParams p = {
        .count = (uint32_t)sfm_shape_count(call->in[0]),
        .scale = attrs->scale,
    };

    sfm_launch_count(l, p.count, ELEMENT_GROUP_SIZE);
    sfm_launch_push(l, &p, sizeof(p));
}

static void sample(GRand *rand, SfmCall *call, void *attrs)
{
    SfmAdd *a = attrs;

    a->scale = (float)g_rand_double_range(rand, 0.25, 2.0);
    call->num_inputs = 2;
    call->in[0] = sfm_draw_shape(rand, SFM_SHAPE(3, 7, 11, 11));
    call->in[1] = call->in[0];
}

const SfmOp sfm_op_add = {
    .name = "add",
    .min_inputs = 2,
    .max_inputs = 2,
    .num_outputs = 1,
    .attrs_size = sizeof(SfmAdd),
    .infer = infer,
    .reference = reference,
    .launch = launch,
    .sample = sample,
};
