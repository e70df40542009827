// SPDX-License-Identifier: GPL-3.0-or-later
//
// Each image by a number of its own: score networks divide by sigma at their end
// (Song et al., arXiv:2011.13456).
//
//     x [N, C, H, W], d [N, 1, 1, 1]  ->  y = x / d, as x

#include "ops/divide.h"

#include "graph/op.h"
#include "ops/draw.h"
#include "ops/expect.h"
#include "params/divide.h"

static bool infer(SfmCall *call, GError **error)
{
    if (!sfm_expect_shape(call, 1, "d", SFM_SHAPE(call->in[0].dim[0], 1, 1, 1), error))
        return false;
    call->out[0] = call->in[0];
    return true;
}

static struct DivideParams params(const SfmCall *call)
{
    const uint32_t *x = call->in[0].dim;

    return (struct DivideParams){
        .count = (uint32_t)sfm_shape_count(call->in[0]),
        .image_size = x[1] * x[2] * x[3],
    };
}

static void reference(const SfmCall *call, float *const out[], const float *const in[])
{
    const struct DivideParams p = params(call);

    for (size_t i = 0; i < p.count; i++)
        out[0][i] = (float)((double)in[0][i] / in[1][i / p.image_size]);
}

static void launch(const SfmCall *call, SfmLaunch *l)
{
    const struct DivideParams p = params(call);

    sfm_launch_count(l, p.count, ELEMENT_GROUP_SIZE);
    sfm_launch_push(l, &p, sizeof(p));
}

static void sample(GRand *rand, SfmCall *call, void *attrs)
{
    call->num_inputs = 2;
    call->in[0] = sfm_draw_shape(rand, SFM_SHAPE(3, 7, 11, 11));
    call->in[1] = SFM_SHAPE(call->in[0].dim[0], 1, 1, 1);
}

// Divisors as sigmas are: far from zero.
static void fill(GRand *rand, const SfmCall *call, int i, float *data)
{
    sfm_draw_uniform(rand, call, i, 0.01, 100.0, data);
}

const SfmOp sfm_op_divide = {
    .name = "divide",
    .min_inputs = 2,
    .max_inputs = 2,
    .num_outputs = 1,
    .infer = infer,
    .reference = reference,
    .launch = launch,
    .sample = sample,
    .fill = fill,
};
