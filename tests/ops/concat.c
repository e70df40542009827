// SPDX-License-Identifier: GPL-3.0-or-later
//
// What concat must do, worked out by hand.

#include "ops/concat.h"

#include "hand.h"

static const SfmOp *op;

static SfmCall small_call(void)
{
    return (SfmCall){
        .op = op,
        .num_inputs = 2,
        .in = { SFM_SHAPE(2, 1, 1, 2), SFM_SHAPE(2, 2, 1, 2) },
    };
}

static void puts_b_behind_a_in_each_image(void)
{
    SfmCall call = small_call();
    const float a[] = { 1, 2, 7, 8 };
    const float b[] = { 3, 4, 5, 6, 9, 10, 11, 12 };
    const float want[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 };

    gives(&call, (const float *[]){ a, b }, SFM_SHAPE(2, 3, 1, 2), want, 1e-6f);
}

static void refuses_other_images_or_pixels(void)
{
    SfmCall call = small_call();

    call.in[1] = SFM_SHAPE(1, 2, 1, 2);
    refuses(&call, "concat: b must be [2, 2, 1, 2], not [1, 2, 1, 2]");
    call.in[1] = SFM_SHAPE(2, 2, 2, 1);
    refuses(&call, "concat: b must be [2, 2, 1, 2], not [2, 2, 2, 1]");
    call.in[1] = SFM_SHAPE(2, UINT32_MAX, 1, 2);
    refuses(&call, "concat: 1 and 4294967295 channels are too many");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

    op = sfm_op_find("concat");
    g_assert_nonnull(op);

#define TEST(name) g_test_add_func("/ops/concat/" #name, name)
    TEST(puts_b_behind_a_in_each_image);
    TEST(refuses_other_images_or_pixels);
    return g_test_run();
}
