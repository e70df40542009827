// SPDX-License-Identifier: GPL-3.0-or-later
//
// The same again: what plans insert to change a tensor's layout.
//
//     x [any]  ->  y = x

#include "ops/copy.h"

#include <string.h>

#include "graph/op.h"
#include "ops/draw.h"
#include "params/copy.h"

static bool infer(SfmCall *call, GError **error)
{
    call->out[0] = call->in[0];
    return true;
}

static void reference(const SfmCall *call, float *const out[], const float *const in[])
{
    memcpy(out[0], in[0], sfm_shape_count(call->in[0]) * sizeof(float));
}

static void launch(const SfmCall *call, SfmLaunch *l)
{
    const struct CopyParams p = { .count = (uint32_t)sfm_shape_count(call->in[0]) };

    sfm_launch_count(l, p.count, ELEMENT_GROUP_SIZE);
    sfm_launch_push(l, &p, sizeof(p));
}

static void sample(GRand *rand, SfmCall *call, void *attrs)
{
    call->num_inputs = 1;
    call->in[0] = sfm_draw_shape(rand, SFM_SHAPE(3, 7, 11, 11));
}

const SfmOp sfm_op_copy = {
    .name = "copy",
    .min_inputs = 1,
    .max_inputs = 1,
    .num_outputs = 1,
    .infer = infer,
    .reference = reference,
    .launch = launch,
    .sample = sample,
};
