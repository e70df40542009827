// SPDX-License-Identifier: GPL-3.0-or-later
//
// What activation must do, worked out by hand.

#include "ops/activation.h"

#include <math.h>

#include "hand.h"

static const SfmOp *op;

static SfmCall call_of(const SfmActivation *attrs, uint32_t count)
{
    return (SfmCall){
        .op = op,
        .attrs = attrs,
        .num_inputs = 1,
        .in = { SFM_SHAPE(1, 1, 1, count) },
    };
}

// At multiples of ln 3, where e^-x is a power of 3.
static void silu_is_x_times_the_logistic_function(void)
{
    const SfmActivation attrs = { SFM_ACTIVATION_SILU };
    SfmCall call = call_of(&attrs, 4);
    const float ln3 = 1.09861229f;
    const float x[] = { 0, ln3, -ln3, 2 * ln3 };
    const float want[] = { 0, ln3 * 3 / 4, -ln3 / 4, 2 * ln3 * 9 / 10 };

    gives(&call, (const float *[]){ x }, call.in[0], want, 1e-6f);
}

static void relu_cuts_off_what_is_negative(void)
{
    const SfmActivation attrs = { SFM_ACTIVATION_RELU };
    SfmCall call = call_of(&attrs, 3);
    const float x[] = { -2, 0, 3 }, want[] = { 0, 0, 3 };

    gives(&call, (const float *[]){ x }, call.in[0], want, 1e-6f);
}

// Phi(1) = 0.841344746, from a table of the normal distribution. The form with
// tanh would give 0.841192.
static void gelu_is_the_exact_one(void)
{
    const SfmActivation attrs = { SFM_ACTIVATION_GELU };
    SfmCall call = call_of(&attrs, 4);
    const float x[] = { 0, 1, -1, 10 };
    const float want[] = { 0, 0.841344746f, 0.841344746f - 1, 10 };

    gives(&call, (const float *[]){ x }, call.in[0], want, 1e-6f);
}

// tanh(ln(u)) = (u^2 - 1) / (u^2 + 1), with u = 1 + e^x: 2 at 0, 3 at ln 2.
static void mish_is_x_tanh_softplus(void)
{
    const SfmActivation attrs = { SFM_ACTIVATION_MISH };
    SfmCall call = call_of(&attrs, 4);
    const float ln2 = 0.693147181f;
    const float x[] = { 0, ln2, -ln2, 50 };
    const float want[] = { 0, ln2 * 8 / 10, -ln2 * 1.25f / 3.25f, 50 };

    gives(&call, (const float *[]){ x }, call.in[0], want, 1e-6f);
}

static void none_changes_nothing(void)
{
    const SfmActivation attrs = { SFM_ACTIVATION_NONE };
    SfmCall call = call_of(&attrs, 2);
    const float x[] = { -2, 3 };

    gives(&call, (const float *[]){ x }, call.in[0], x, 0);
}

static void a_nan_stays_a_nan(void)
{
    for (int kind = 0; kind < SFM_NUM_ACTIVATIONS; kind++)
        g_assert_true(isnan(sfm_activate((SfmActivationKind)kind, NAN)));
}

static void refuses_a_kind_that_there_is_not(void)
{
    const SfmActivation attrs = { SFM_NUM_ACTIVATIONS };
    const SfmCall call = call_of(&attrs, 2);

    refuses(&call, "activation: no activation has the number 5");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

    op = sfm_op_find("activation");
    g_assert_nonnull(op);

#define TEST(name) g_test_add_func("/ops/activation/" #name, name)
    TEST(silu_is_x_times_the_logistic_function);
    TEST(relu_cuts_off_what_is_negative);
    TEST(gelu_is_the_exact_one);
    TEST(mish_is_x_tanh_softplus);
    TEST(none_changes_nothing);
    TEST(a_nan_stays_a_nan);
    TEST(refuses_a_kind_that_there_is_not);
    return g_test_run();
}
