// SPDX-License-Identifier: GPL-3.0-or-later
//
// Element-wise non-linearities.
//
//     x [any]  ->  y as x
//     silu  x / (1 + e^-x)              (Elfwing et al., arXiv:1702.03118)
//     relu  max(x, 0)
//     gelu  x Phi(x), Phi the normal distribution function: the exact form,
//           not that with tanh          (Hendrycks & Gimpel, arXiv:1606.08415)
//     mish  x tanh(ln(1 + e^x))         (Misra, arXiv:1908.08681)
//
// A NaN stays one.

#include "ops/activation.h"

#include <math.h>

#include "graph/op.h"
#include "ops/draw.h"
#include "params/activation.h"

#define SQRT_HALF 0.70710678118654752440

_Static_assert((int)SFM_ACTIVATION_NONE == ACTIVATION_NONE, "params/activation.h");
_Static_assert((int)SFM_ACTIVATION_SILU == ACTIVATION_SILU, "params/activation.h");
_Static_assert((int)SFM_ACTIVATION_RELU == ACTIVATION_RELU, "params/activation.h");
_Static_assert((int)SFM_ACTIVATION_GELU == ACTIVATION_GELU, "params/activation.h");
_Static_assert((int)SFM_ACTIVATION_MISH == ACTIVATION_MISH, "params/activation.h");

double sfm_activate(SfmActivationKind kind, double x)
{
    switch (kind) {
    case SFM_ACTIVATION_SILU:
        return x / (1.0 + exp(-x));
    case SFM_ACTIVATION_RELU:
        return x < 0.0 ? 0.0 : x;
    case SFM_ACTIVATION_GELU:
        return 0.5 * x * erfc(-x * SQRT_HALF);
    case SFM_ACTIVATION_MISH:
        return x * tanh(log1p(exp(x)));
    default:
        return x;
    }
}

bool sfm_activation_valid(const char *op, SfmActivationKind kind, GError **error)
{
    if ((unsigned)kind < SFM_NUM_ACTIVATIONS)
        return true;
    return sfm_fail(error, SFM_ERROR_BAD_SHAPE, "%s: no activation has the number %u", op,
                    (unsigned)kind);
}

static bool infer(SfmCall *call, GError **error)
{
    const SfmActivation *a = call->attrs;

    if (!sfm_activation_valid("activation", a->kind, error))
        return false;
    call->out[0] = call->in[0];
    return true;
}

static void reference(const SfmCall *call, float *const out[], const float *const in[])
{
    const SfmActivation *a = call->attrs;
    const size_t count = sfm_shape_count(call->in[0]);

    for (size_t i = 0; i < count; i++)
        out[0][i] = (float)sfm_activate(a->kind, in[0][i]);
}

static void launch(const SfmCall *call, SfmLaunch *l)
{
    const SfmActivation *a = call->attrs;
    const struct ActivationParams p = {
        .count = (uint32_t)sfm_shape_count(call->in[0]),
        .kind = a->kind,
    };

    sfm_launch_count(l, p.count, ELEMENT_GROUP_SIZE);
    sfm_launch_push(l, &p, sizeof(p));
}

static void sample(GRand *rand, SfmCall *call, void *attrs)
{
    SfmActivation *a = attrs;

    a->kind = (SfmActivationKind)g_rand_int_range(rand, 0, SFM_NUM_ACTIVATIONS);
    call->num_inputs = 1;
    call->in[0] = SFM_SHAPE(1, (uint32_t)g_rand_int_range(rand, 1, 8), 9,
                            (uint32_t)g_rand_int_range(rand, 1, 40));
}

// Over all of the range where a non-linearity does something, or where it does
// the most; and now and then a NaN.
static void fill(GRand *rand, const SfmCall *call, int i, float *data)
{
    const double range = g_rand_boolean(rand) ? 12.0 : 2.0;

    sfm_draw_uniform(rand, call, i, -range, range, data);
    sfm_draw_nan(rand, call, i, 4, data);
}

const SfmOp sfm_op_activation = {
    .name = "activation",
    .min_inputs = 1,
    .max_inputs = 1,
    .num_outputs = 1,
    .attrs_size = sizeof(SfmActivation),
    .infer = infer,
    .reference = reference,
    .launch = launch,
    .sample = sample,
    .fill = fill,
};
