// SPDX-License-Identifier: GPL-3.0-or-later
//
// Some of the channels: a network that has learned its variance answers with
// both, the prediction in the first half of the channels.
//
//     x [N, C, H, W]  ->  y [N, count, H, W]
//     y[n, c] = x[n, first + c]
//
// The channels of an image lie side by side: what is taken is one piece.

#include "ops/slice.h"

#include <string.h>

#include "graph/op.h"
#include "params/slice.h"

static bool infer(SfmCall *call, GError **error)
{
    const SfmSlice *a = call->attrs;
    const uint32_t *x = call->in[0].dim;

    if (a->count == 0 || a->count > x[1] || a->first > x[1] - a->count)
        return sfm_fail(error, SFM_ERROR_BAD_SHAPE, "slice: %u channels from %u on, of %u",
                        a->count, a->first, x[1]);
    call->out[0] = SFM_SHAPE(x[0], a->count, x[2], x[3]);
    return true;
}

static struct SliceParams params(const SfmCall *call)
{
    const SfmSlice *a = call->attrs;
    const uint32_t *x = call->in[0].dim;
    const uint32_t pixels = x[2] * x[3];

    return (struct SliceParams){
        .count = x[0] * a->count * pixels,
        .x_size = x[1] * pixels,
        .y_size = a->count * pixels,
        .first = a->first * pixels,
    };
}

static void reference(const SfmCall *call, float *const out[], const float *const in[])
{
    const struct SliceParams p = params(call);

    for (size_t n = 0; n < call->in[0].dim[0]; n++)
        memcpy(out[0] + n * p.y_size, in[0] + n * p.x_size + p.first, p.y_size * sizeof(float));
}

static void launch(const SfmCall *call, SfmLaunch *l)
{
    const struct SliceParams p = params(call);

    sfm_launch_count(l, p.count, ELEMENT_GROUP_SIZE);
    sfm_launch_push(l, &p, sizeof(p));
}

static void sample(GRand *rand, SfmCall *call, void *attrs)
{
    SfmSlice *a = attrs;
    const uint32_t channels = (uint32_t)g_rand_int_range(rand, 1, 7);

    a->count = (uint32_t)g_rand_int_range(rand, 1, (gint32)channels + 1);
    a->first = (uint32_t)g_rand_int_range(rand, 0, (gint32)(channels - a->count) + 1);
    call->num_inputs = 1;
    call->in[0] =
        SFM_SHAPE((uint32_t)g_rand_int_range(rand, 1, 4), channels,
                  (uint32_t)g_rand_int_range(rand, 1, 10), (uint32_t)g_rand_int_range(rand, 1, 10));
}

const SfmOp sfm_op_slice = {
    .name = "slice",
    .min_inputs = 1,
    .max_inputs = 1,
    .num_outputs = 1,
    .attrs_size = sizeof(SfmSlice),
    .infer = infer,
    .reference = reference,
    .launch = launch,
    .sample = sample,
};
