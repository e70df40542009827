// SPDX-License-Identifier: GPL-3.0-or-later
//
// What copy must do, worked out by hand.

#include "ops/copy.h"

#include "hand.h"

static const SfmOp *op;

static void copies(void)
{
    SfmCall call = { .op = op, .num_inputs = 1, .in = { SFM_SHAPE(1, 3, 1, 1) } };
    const float x[] = { 3, -1, 4 };

    gives(&call, (const float *[]){ x }, call.in[0], x, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

    op = sfm_op_find("copy");
    g_assert_nonnull(op);

#define TEST(name) g_test_add_func("/ops/copy/" #name, name)
    TEST(copies);
    return g_test_run();
}
