// SPDX-License-Identifier: GPL-3.0-or-later
#include "hand.h"

static const SfmOp *op;

static SfmCall call_of(SfmShape x)
{
    return (SfmCall){ .op = op, .num_inputs = 1, .in = { x } };
}

static void gives_the_mean_of_each_square(void)
{
    const SfmCall call = call_of(SFM_SHAPE(1, 1, 2, 4));
    const float x[] = {
        1, 2, 30, 10, //
        3, 6, 20, 0,  //
    };
    const float want[] = { (1 + 2 + 3 + 6) / 4.0f, (30 + 10 + 20 + 0) / 4.0f };

    gives(&call, (const float *[]){ x }, SFM_SHAPE(1, 1, 1, 2), want, 0);
}

static void keeps_channels_and_images_apart(void)
{
    const SfmCall call = call_of(SFM_SHAPE(2, 2, 2, 2));
    const float x[] = { 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 8 };
    const float want[] = { 1, 2, 3, 5 };

    gives(&call, (const float *[]){ x }, SFM_SHAPE(2, 2, 1, 1), want, 0);
}

static void refuses_odd_sides(void)
{
    const SfmCall wide = call_of(SFM_SHAPE(1, 1, 4, 3)), tall = call_of(SFM_SHAPE(1, 1, 5, 2));

    refuses(&wide, "avg_pool: 3 x 4 pixels are not even");
    refuses(&tall, "avg_pool: 2 x 5 pixels are not even");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

    op = sfm_op_find("avg_pool");
    g_assert_nonnull(op);

#define TEST(name) g_test_add_func("/ops/avg_pool/" #name, name)
    TEST(gives_the_mean_of_each_square);
    TEST(keeps_channels_and_images_apart);
    TEST(refuses_odd_sides);
    return g_test_run();
}
