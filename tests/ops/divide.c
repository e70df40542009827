// SPDX-License-Identifier: GPL-3.0-or-later
//
// What divide must do, worked out by hand.

#include "ops/divide.h"

#include "hand.h"

static const SfmOp *op;

static SfmCall small_call(void)
{
    return (SfmCall){
        .op = op,
        .num_inputs = 2,
        .in = { SFM_SHAPE(2, 2, 1, 2), SFM_SHAPE(2, 1, 1, 1) },
    };
}

static void divides_each_image_by_its_own_number(void)
{
    SfmCall call = small_call();
    const float x[] = { 1, 2, 3, 4, 5, 6, 7, 8 }, d[] = { 2, -4 };
    const float want[] = { 0.5f, 1, 1.5f, 2, -1.25f, -1.5f, -1.75f, -2 };

    gives(&call, (const float *[]){ x, d }, call.in[0], want, 1e-6f);
}

static void refuses_another_number_of_divisors(void)
{
    SfmCall call = small_call();

    call.in[1] = SFM_SHAPE(2, 2, 1, 1);
    refuses(&call, "divide: d must be [2, 1, 1, 1], not [2, 2, 1, 1]");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

    op = sfm_op_find("divide");
    g_assert_nonnull(op);

#define TEST(name) g_test_add_func("/ops/divide/" #name, name)
    TEST(divides_each_image_by_its_own_number);
    TEST(refuses_another_number_of_divisors);
    return g_test_run();
}
