// SPDX-License-Identifier: GPL-3.0-or-later
//
// What linear must do, worked out by hand.

#include "ops/linear.h"

#include "hand.h"

static const SfmOp *op;
static const SfmLinear bare = { SFM_ACTIVATION_NONE };

static SfmCall call_of(uint32_t num, uint32_t inputs, uint32_t outputs)
{
    return (SfmCall){
        .op = op,
        .attrs = &bare,
        .num_inputs = 3,
        .in = { SFM_SHAPE(num, inputs, 1, 1), SFM_SHAPE(outputs, inputs, 1, 1),
                SFM_SHAPE(1, outputs, 1, 1) },
    };
}

static void multiplies_rows_of_weights_and_adds_the_bias(void)
{
    SfmCall call = call_of(2, 3, 2);
    const float x[] = { 1, 2, 3, -1, 0, 2 };
    const float weight[] = { 1, 10, 100, 0.5f, 0, -2 };
    const float bias[] = { 0, 7 };
    const float want[] = { 321, 0.5f - 6 + 7, 199, -0.5f - 4 + 7 };

    gives(&call, (const float *[]){ x, weight, bias }, SFM_SHAPE(2, 2, 1, 1), want, 1e-6f);
}

static void makes_the_results_of_several_one_behind_the_other(void)
{
    SfmCall call = call_of(2, 2, 2);
    const float x[] = { 1, 2, 3, 4 };
    const float weight[] = { 1, 10, /* the other layer */ 100, 1000 };
    const float bias[] = { 0, 0.5f };
    const float want[] = { 21, 43, 2100.5f, 4300.5f };

    call.in[2] = SFM_SHAPE(2, 1, 1, 1);
    gives(&call, (const float *[]){ x, weight, bias }, SFM_SHAPE(4, 1, 1, 1), want, 0);
}

static void activates_what_it_makes(void)
{
    const SfmLinear relu = { SFM_ACTIVATION_RELU };
    SfmCall call = call_of(1, 2, 2);
    const float x[] = { 1, 2 };
    const float weight[] = { 1, 10, -1, -10 };
    const float bias[] = { 0.5f, 0 };
    const float want[] = { 21.5f, 0 };

    call.attrs = &relu;
    gives(&call, (const float *[]){ x, weight, bias }, SFM_SHAPE(1, 2, 1, 1), want, 0);
}

static void refuses_an_unknown_activation(void)
{
    const SfmLinear unknown = { SFM_NUM_ACTIVATIONS };
    SfmCall call = call_of(1, 2, 2);

    call.attrs = &unknown;
    refuses(&call, "linear: no activation has the number 5");
}

static void costs_two_flop_a_weight(void)
{
    SfmCall call = call_of(2, 3, 5);

    g_assert_true(call.op->infer(&call, NULL));
    g_assert_cmpfloat(call.op->flop(&call), ==, 2.0 * 2 * 3 * 5);
}

static void refuses_shapes_that_do_not_fit(void)
{
    SfmCall call = call_of(2, 3, 5);

    call.in[0] = SFM_SHAPE(2, 3, 4, 4);
    refuses(&call, "linear: x must be [2, 3, 1, 1], not [2, 3, 4, 4]");
    call = call_of(2, 3, 5);
    call.in[1] = SFM_SHAPE(5, 4, 1, 1);
    refuses(&call, "linear: weight must be [5, 3, 1, 1], not [5, 4, 1, 1]");
    call = call_of(2, 3, 5);
    call.in[2] = SFM_SHAPE(1, 3, 1, 1);
    refuses(&call, "linear: bias must be [1, 5, 1, 1], not [1, 3, 1, 1]");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

    op = sfm_op_find("linear");
    g_assert_nonnull(op);

#define TEST(name) g_test_add_func("/ops/linear/" #name, name)
    TEST(multiplies_rows_of_weights_and_adds_the_bias);
    TEST(makes_the_results_of_several_one_behind_the_other);
    TEST(activates_what_it_makes);
    TEST(refuses_an_unknown_activation);
    TEST(costs_two_flop_a_weight);
    TEST(refuses_shapes_that_do_not_fit);
    return g_test_run();
}
