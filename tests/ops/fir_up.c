// SPDX-License-Identifier: GPL-3.0-or-later
#include "hand.h"

static const SfmOp *op;

static SfmCall call_of(SfmShape x)
{
    return (SfmCall){ .op = op, .num_inputs = 1, .in = { x } };
}

// One pixel a, along one axis: z = 0 0 [a 0] 0, of which y(0) sees a at i = 2
// and y(1) at i = 1: both with 3/4.
static void spreads_a_single_pixel_evenly(void)
{
    const SfmCall call = call_of(SFM_SHAPE(1, 1, 1, 1));
    const float x[] = { 16 };
    const float want[] = { 9, 9, 9, 9 };

    gives(&call, (const float *[]){ x }, SFM_SHAPE(1, 1, 2, 2), want, 0);
}

// z = 0 0 [a 0 b 0] 0 with taps (1, 3, 3, 1) / 4 from two before:
// 3a, 3a + b, a + 3b, 3b, in quarters; down the single row is 3/4 each time.
static void weighs_each_pixel_with_its_nearer_neighbour(void)
{
    const SfmCall call = call_of(SFM_SHAPE(1, 1, 1, 2));
    const float x[] = { 16, 32 };
    const float want[] = {
        9, 15, 21, 18, // 3/16 of 48, 80, 112, 96
        9, 15, 21, 18, //
    };

    gives(&call, (const float *[]){ x }, SFM_SHAPE(1, 1, 2, 4), want, 0);
}

static void weighs_rows_as_it_weighs_columns(void)
{
    const SfmCall call = call_of(SFM_SHAPE(1, 1, 2, 1));
    const float x[] = { 16, 32 };
    const float want[] = { 9, 9, 15, 15, 21, 21, 18, 18 }; // 3/16 of 48, 80, 112, 96

    gives(&call, (const float *[]){ x }, SFM_SHAPE(1, 1, 4, 2), want, 0);
}

static void keeps_channels_and_images_apart(void)
{
    const SfmCall call = call_of(SFM_SHAPE(2, 2, 1, 1));
    const float x[] = { 16, 32, 48, 64 };
    const float want[] = { 9, 9, 9, 9, 18, 18, 18, 18, 27, 27, 27, 27, 36, 36, 36, 36 };

    gives(&call, (const float *[]){ x }, SFM_SHAPE(2, 2, 2, 2), want, 0);
}

static void refuses_sides_that_cannot_double(void)
{
    const SfmCall call = call_of(SFM_SHAPE(1, 1, 1u << 31, 1));

    refuses(&call, "fir_up: 1 x 2147483648 pixels are too many");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

    op = sfm_op_find("fir_up");
    g_assert_nonnull(op);

#define TEST(name) g_test_add_func("/ops/fir_up/" #name, name)
    TEST(spreads_a_single_pixel_evenly);
    TEST(weighs_each_pixel_with_its_nearer_neighbour);
    TEST(weighs_rows_as_it_weighs_columns);
    TEST(keeps_channels_and_images_apart);
    TEST(refuses_sides_that_cannot_double);
    return g_test_run();
}
