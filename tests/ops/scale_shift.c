// SPDX-License-Identifier: GPL-3.0-or-later
//
// What scale_shift must do, worked out by hand.

#include "ops/scale_shift.h"

#include "hand.h"

static const SfmOp *op;

static SfmCall call_of(const SfmScaleShift *attrs)
{
    return (SfmCall){
        .op = op,
        .attrs = attrs,
        .num_inputs = 2,
        .in = { SFM_SHAPE(2, 2, 1, 2), SFM_SHAPE(2, 4, 1, 1) },
    };
}

static const float x[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
static const float s[] = { 1, -1, 0.5f, -10, /* the other image */ 0, 9, 0, 0 };

static void scales_by_one_more_than_the_first_half_and_shifts_by_the_second(void)
{
    const SfmScaleShift attrs = { SFM_ACTIVATION_NONE };
    SfmCall call = call_of(&attrs);
    const float want[] = { 2.5f, 4.5f, -10, -10, 5, 6, 70, 80 };

    gives(&call, (const float *[]){ x, s }, call.in[0], want, 1e-6f);
}

static void applies_the_activation_last(void)
{
    const SfmScaleShift attrs = { SFM_ACTIVATION_RELU };
    SfmCall call = call_of(&attrs);
    const float want[] = { 2.5f, 4.5f, 0, 0, 5, 6, 70, 80 };

    gives(&call, (const float *[]){ x, s }, call.in[0], want, 1e-6f);
}

static void refuses_shapes_and_activations_that_do_not_fit(void)
{
    const SfmScaleShift attrs = { SFM_ACTIVATION_NONE }, unknown = { SFM_NUM_ACTIVATIONS };
    SfmCall call = call_of(&unknown);

    refuses(&call, "scale_shift: no activation has the number 5");
    call.attrs = &attrs;
    call.in[1] = SFM_SHAPE(2, 2, 1, 1);
    refuses(&call, "scale_shift: s must be [2, 4, 1, 1], not [2, 2, 1, 1]");
    call.in[0] = SFM_SHAPE(1, 3000000000u, 1, 1);
    refuses(&call, "scale_shift: 3000000000 channels are too many");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

    op = sfm_op_find("scale_shift");
    g_assert_nonnull(op);

#define TEST(name) g_test_add_func("/ops/scale_shift/" #name, name)
    TEST(scales_by_one_more_than_the_first_half_and_shifts_by_the_second);
    TEST(applies_the_activation_last);
    TEST(refuses_shapes_and_activations_that_do_not_fit);
    return g_test_run();
}
