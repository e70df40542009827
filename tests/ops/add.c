// SPDX-License-Identifier: GPL-3.0-or-later
//
// What add must do, worked out by hand.

#include "ops/add.h"

#include "hand.h"

static const SfmOp *op;

static SfmCall call_of(const SfmAdd *attrs)
{
    return (SfmCall){
        .op = op,
        .attrs = attrs,
        .num_inputs = 2,
        .in = { SFM_SHAPE(1, 3, 1, 1), SFM_SHAPE(1, 3, 1, 1) },
    };
}

static void scales_the_sum(void)
{
    const SfmAdd attrs = { .scale = 0.5f };
    SfmCall call = call_of(&attrs);
    const float a[] = { 1, 2, 3 }, b[] = { 10, -2, 0.5f };
    const float want[] = { 5.5f, 0, 1.75f };

    gives(&call, (const float *[]){ a, b }, call.in[0], want, 1e-6f);
}

static void refuses_two_shapes(void)
{
    const SfmAdd attrs = { .scale = 1 };
    SfmCall call = call_of(&attrs);

    call.in[1] = SFM_SHAPE(1, 1, 3, 1);
    refuses(&call, "add: b must be [1, 3, 1, 1], not [1, 1, 3, 1]");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

    op = sfm_op_find("add");
    g_assert_nonnull(op);

#define TEST(name) g_test_add_func("/ops/add/" #name, name)
    TEST(scales_the_sum);
    TEST(refuses_two_shapes);
    return g_test_run();
}
