// SPDX-License-Identifier: GPL-3.0-or-later
#include "hand.h"

static const SfmOp *op;

static SfmCall call_of(SfmShape x)
{
    return (SfmCall){ .op = op, .num_inputs = 1, .in = { x } };
}

static void makes_four_of_each_pixel(void)
{
    const SfmCall call = call_of(SFM_SHAPE(1, 1, 2, 3));
    const float x[] = { 1, 2, 3, 4, 5, 6 };
    const float want[] = {
        1, 1, 2, 2, 3, 3, //
        1, 1, 2, 2, 3, 3, //
        4, 4, 5, 5, 6, 6, //
        4, 4, 5, 5, 6, 6, //
    };

    gives(&call, (const float *[]){ x }, SFM_SHAPE(1, 1, 4, 6), want, 0);
}

static void keeps_channels_and_images_apart(void)
{
    const SfmCall call = call_of(SFM_SHAPE(2, 2, 1, 1));
    const float x[] = { 1, 2, 3, 4 };
    const float want[] = { 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4 };

    gives(&call, (const float *[]){ x }, SFM_SHAPE(2, 2, 2, 2), want, 0);
}

static void refuses_sides_that_cannot_double(void)
{
    const SfmCall call = call_of(SFM_SHAPE(1, 1, 1, 1u << 31));

    refuses(&call, "upsample_nearest: 2147483648 x 1 pixels are too many");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

    op = sfm_op_find("upsample_nearest");
    g_assert_nonnull(op);

#define TEST(name) g_test_add_func("/ops/upsample_nearest/" #name, name)
    TEST(makes_four_of_each_pixel);
    TEST(keeps_channels_and_images_apart);
    TEST(refuses_sides_that_cannot_double);
    return g_test_run();
}
