// SPDX-License-Identifier: GPL-3.0-or-later
//
// The channels of two tensors, one after the other.
//
//     a [N, A, H, W], b [N, B, H, W]  ->  y [N, A + B, H, W]

#include "ops/concat.h"

#include <string.h>

#include "graph/op.h"
#include "ops/draw.h"
#include "ops/expect.h"
#include "params/concat.h"

static bool infer(SfmCall *call, GError **error)
{
    const uint32_t *a = call->in[0].dim, *b = call->in[1].dim;

    if (!sfm_expect_shape(call, 1, "b", SFM_SHAPE(a[0], b[1], a[2], a[3]), error))
        return false;
    if (a[1] > UINT32_MAX - b[1])
        return sfm_fail(error, SFM_ERROR_BAD_SHAPE, "concat: %u and %u channels are too many", a[1],
                        b[1]);
    call->out[0] = SFM_SHAPE(a[0], a[1] + b[1], a[2], a[3]);
    return true;
}

static struct ConcatParams params(const SfmCall *call)
{
    const uint32_t *a = call->in[0].dim, *b = call->in[1].dim;

    return (struct ConcatParams){
        .count = (uint32_t)sfm_shape_count(call->out[0]),
        .a_size = a[1] * a[2] * a[3],
        .b_size = b[1] * b[2] * b[3],
    };
}

static void reference(const SfmCall *call, float *const out[], const float *const in[])
{
    const struct ConcatParams p = params(call);
    const size_t y_size = (size_t)p.a_size + p.b_size;

    for (size_t n = 0; n < call->in[0].dim[0]; n++) {
        float *y = out[0] + n * y_size;
        memcpy(y, in[0] + n * p.a_size, p.a_size * sizeof(float));
        memcpy(y + p.a_size, in[1] + n * p.b_size, p.b_size * sizeof(float));
    }
}

static void launch(const SfmCall *call, SfmLaunch *l)
{
    const struct ConcatParams p = params(call);

    sfm_launch_count(l, p.count, ELEMENT_GROUP_SIZE);
    sfm_launch_push(l, &p, sizeof(p));
}

static void sample(GRand *rand, SfmCall *call, void *attrs)
{
    call->num_inputs = 2;
    call->in[0] = sfm_draw_shape(rand, SFM_SHAPE(3, 7, 11, 11));
    call->in[1] = call->in[0];
    call->in[1].dim[1] = (uint32_t)g_rand_int_range(rand, 1, 8);
}

const SfmOp sfm_op_concat = {
    .name = "concat",
    .min_inputs = 2,
    .max_inputs = 2,
    .num_outputs = 1,
    .infer = infer,
    .reference = reference,
    .launch = launch,
    .sample = sample,
};
