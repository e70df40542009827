// SPDX-License-Identifier: GPL-3.0-or-later
//
// What affine must do, worked out by hand.

#include "ops/affine.h"

#include "hand.h"

static const SfmOp *op;

static void scales_and_then_shifts(void)
{
    const SfmAffine attrs = { .scale = 2, .offset = -1 };
    SfmCall call = {
        .op = op,
        .attrs = &attrs,
        .num_inputs = 1,
        .in = { SFM_SHAPE(1, 1, 1, 3) },
    };
    const float x[] = { 0, 0.5f, 1 }, want[] = { -1, 0, 1 };

    gives(&call, (const float *[]){ x }, call.in[0], want, 1e-6f);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

    op = sfm_op_find("affine");
    g_assert_nonnull(op);

#define TEST(name) g_test_add_func("/ops/affine/" #name, name)
    TEST(scales_and_then_shifts);
    return g_test_run();
}
