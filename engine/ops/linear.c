// SPDX-License-Identifier: GPL-3.0-or-later
//
// A layer of a perceptron.
//
//     x [N, I, 1, 1], weight [O, I, 1, 1], bias [1, O, 1, 1]  ->  y [N, O, 1, 1]
//     y[n, o] = act(bias[o] + sum over i of weight[o, i] x[n, i]), rounded before it too
//
// P layers of one x may be one call: weight [P O, I, 1, 1], bias [P, O, 1, 1] -> y
// [P N, O, 1, 1], where row p N + n is what the p-th makes of row n.

#include "ops/linear.h"

#include "graph/op.h"
#include "ops/expect.h"
#include "params/linear.h"

static bool infer(SfmCall *call, GError **error)
{
    const SfmLinear *a = call->attrs;
    const uint32_t num = call->in[0].dim[0], inputs = call->in[0].dim[1];
    const uint32_t parts = sfm_num_parts(call), outputs = call->in[1].dim[0];

    if (!sfm_activation_valid("linear", a->act, error) ||
        !sfm_expect_shape(call, 0, "x", SFM_SHAPE(num, inputs, 1, 1), error) ||
        !sfm_expect_shape(call, 1, "weight", SFM_SHAPE(outputs, inputs, 1, 1), error) ||
        !sfm_expect_shape(call, 2, "bias", SFM_SHAPE(parts, outputs / parts, 1, 1), error))
        return false;
    call->out[0] = SFM_SHAPE(parts * num, outputs / parts, 1, 1);
    return true;
}

static void reference(const SfmCall *call, float *const out[], const float *const in[])
{
    const uint32_t num = call->in[0].dim[0], inputs = call->in[0].dim[1];
    const uint32_t outputs = call->out[0].dim[1];
    const SfmActivationKind act = ((const SfmLinear *)call->attrs)->act;

    for (uint32_t n = 0; n < call->out[0].dim[0]; n++) {
        const float *x = in[0] + (size_t)(n % num) * inputs;
        for (uint32_t o = 0; o < outputs; o++) {
            const size_t row = (size_t)(n / num) * outputs + o;
            const float *weight = in[1] + row * inputs;
            double sum = in[2][row];
            for (uint32_t i = 0; i < inputs; i++)
                sum += (double)weight[i] * x[i];
            out[0][(size_t)n * outputs + o] = (float)sfm_activate(act, (float)sum);
        }
    }
}

static void launch(const SfmCall *call, SfmLaunch *l)
{
    const struct LinearParams p = {
        .count = (uint32_t)sfm_shape_count(call->out[0]),
        .num = call->in[0].dim[0],
        .inputs = call->in[0].dim[1],
        .outputs = call->out[0].dim[1],
        .act = ((const SfmLinear *)call->attrs)->act,
    };

    sfm_launch_count(l, p.count, ELEMENT_GROUP_SIZE);
    sfm_launch_push(l, &p, sizeof(p));
}

static double flop(const SfmCall *call)
{
    return 2.0 * (double)sfm_shape_count(call->out[0]) * call->in[0].dim[1];
}

static void sample(GRand *rand, SfmCall *call, void *attrs)
{
    const uint32_t inputs = (uint32_t)g_rand_int_range(rand, 1, 100);
    const uint32_t outputs = (uint32_t)g_rand_int_range(rand, 1, 100);
    const uint32_t parts = g_rand_boolean(rand) ? 1 : 3;

    ((SfmLinear *)attrs)->act = (SfmActivationKind)g_rand_int_range(rand, 0, SFM_NUM_ACTIVATIONS);

    call->num_inputs = 3;
    call->in[0] = SFM_SHAPE((uint32_t)g_rand_int_range(rand, 1, 5), inputs, 1, 1);
    call->in[1] = SFM_SHAPE(parts * outputs, inputs, 1, 1);
    call->in[2] = SFM_SHAPE(parts, outputs, 1, 1);
}

const SfmOp sfm_op_linear = {
    .name = "linear",
    .min_inputs = 3,
    .max_inputs = 3,
    .num_outputs = 1,
    .attrs_size = sizeof(SfmLinear),
    .infer = infer,
    .reference = reference,
    .launch = launch,
    .flop = flop,
    .sample = sample,
};
