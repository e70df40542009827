// SPDX-License-Identifier: GPL-3.0-or-later
//
// A number for each channel of each image, added to all of its pixels: how the
// time embedding enters a residual block.
//
//     x [N, C, H, W], v [N, C, 1, 1]  ->  y = x + v, as x

#include "ops/add_channels.h"

#include "graph/op.h"
#include "ops/draw.h"
#include "ops/expect.h"
#include "params/add_channels.h"

static bool infer(SfmCall *call, GError **error)
{
    const uint32_t *x = call->in[0].dim;

    if (!sfm_expect_shape(call, 1, "v", SFM_SHAPE(x[0], x[1], 1, 1), error))
        return false;
    call->out[0] = call->in[0];
    return true;
}

static struct AddChannelsParams params(const SfmCall *call)
{
    const uint32_t *x = call->in[0].dim;

    return (struct AddChannelsParams){
        .count = (uint32_t)sfm_shape_count(call->in[0]),
        .pixels = x[2] * x[3],
    };
}

static void reference(const SfmCall *call, float *const out[], const float *const in[])
{
    const struct AddChannelsParams p = params(call);

    for (size_t i = 0; i < p.count; i++)
        out[0][i] = (float)((double)in[0][i] + in[1][i / p.pixels]);
}

static void launch(const SfmCall *call, SfmLaunch *l)
{
    const struct AddChannelsParams p = params(call);

    sfm_launch_count(l, p.count, ELEMENT_GROUP_SIZE);
    sfm_launch_push(l, &p, sizeof(p));
}

static void sample(GRand *rand, SfmCall *call, void *attrs)
{
    call->num_inputs = 2;
    call->in[0] = sfm_draw_shape(rand, SFM_SHAPE(3, 7, 11, 11));
    call->in[1] = SFM_SHAPE(call->in[0].dim[0], call->in[0].dim[1], 1, 1);
}

const SfmOp sfm_op_add_channels = {
    .name = "add_channels",
    .min_inputs = 2,
    .max_inputs = 2,
    .num_outputs = 1,
    .infer = infer,
    .reference = reference,
    .launch = launch,
    .sample = sample,
};
