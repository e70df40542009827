// SPDX-License-Identifier: GPL-3.0-or-later
//
// A scale and a shift for each channel of each image, then an activation: how
// the time embedding enters a residual block of "scale_shift" networks
// (Nichol & Dhariwal, arXiv:2102.09672; "adaptive group normalisation").
//
//     x [N, C, H, W], s [N, 2 C, 1, 1]  ->  y = act(x (1 + scale) + shift), as x
//
// The first C values of s are the scales, the others the shifts.

#include "ops/scale_shift.h"

#include "graph/op.h"
#include "ops/draw.h"
#include "ops/expect.h"
#include "params/scale_shift.h"

static bool infer(SfmCall *call, GError **error)
{
    const SfmScaleShift *a = call->attrs;
    const uint32_t *x = call->in[0].dim;

    if (x[1] > UINT32_MAX / 2)
        return sfm_fail(error, SFM_ERROR_BAD_SHAPE, "scale_shift: %u channels are too many", x[1]);
    if (!sfm_expect_shape(call, 1, "s", SFM_SHAPE(x[0], 2 * x[1], 1, 1), error) ||
        !sfm_activation_valid("scale_shift", a->act, error))
        return false;
    call->out[0] = call->in[0];
    return true;
}

static struct ScaleShiftParams params(const SfmCall *call)
{
    const SfmScaleShift *a = call->attrs;
    const uint32_t *x = call->in[0].dim;

    return (struct ScaleShiftParams){
        .count = (uint32_t)sfm_shape_count(call->in[0]),
        .channels = x[1],
        .pixels = x[2] * x[3],
        .act = a->act,
    };
}

static void reference(const SfmCall *call, float *const out[], const float *const in[])
{
    const struct ScaleShiftParams p = params(call);

    for (size_t i = 0; i < p.count; i++) {
        const size_t plane = i / p.pixels, n = plane / p.channels, c = plane % p.channels;
        const float *s = in[1] + n * 2 * p.channels;
        const double value = in[0][i] * (1.0 + s[c]) + s[p.channels + c];
        out[0][i] = (float)sfm_activate((SfmActivationKind)p.act, value);
    }
}

static void launch(const SfmCall *call, SfmLaunch *l)
{
    const struct ScaleShiftParams p = params(call);

    sfm_launch_count(l, p.count, ELEMENT_GROUP_SIZE);
    sfm_launch_push(l, &p, sizeof(p));
}

static void sample(GRand *rand, SfmCall *call, void *attrs)
{
    SfmScaleShift *a = attrs;

    a->act = (SfmActivationKind)g_rand_int_range(rand, 0, SFM_NUM_ACTIVATIONS);
    call->num_inputs = 2;
    call->in[0] = sfm_draw_shape(rand, SFM_SHAPE(3, 7, 11, 11));
    call->in[1] = SFM_SHAPE(call->in[0].dim[0], 2 * call->in[0].dim[1], 1, 1);
}

const SfmOp sfm_op_scale_shift = {
    .name = "scale_shift",
    .min_inputs = 2,
    .max_inputs = 2,
    .num_outputs = 1,
    .attrs_size = sizeof(SfmScaleShift),
    .infer = infer,
    .reference = reference,
    .launch = launch,
    .sample = sample,
};
