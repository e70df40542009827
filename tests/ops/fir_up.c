// SPDX-License-Identifier: GPL-3.0-or-later
#include "ops/wrap.h"

#include "hand.h"

static const SfmOp *op;
static const SfmWrap no_wrap;

static SfmCall call_of(SfmShape x)
{
    return (SfmCall){ .op = op, .attrs = &no_wrap, .num_inputs = 1, .in = { x } };
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

// Each pixel gives 3/4 to its two places and 1/4 to the next on either side.
static void goes_round_along_the_axes_that_wrap(void)
{
    SfmCall call = call_of(SFM_SHAPE(1, 1, 1, 3));
    const SfmWrap both = { true, true }, down = { .y = true };
    const float x[] = { 4, 8, 16 };
    const float row[] = { 3 + 4, 3 + 2, 1 + 6, 6 + 4, 2 + 12, 12 + 1 };
    const float open[] = { 3, 3 + 2, 1 + 6, 6 + 4, 2 + 12, 12 };
    float want[12];

    // Down, the one row is its own neighbour: 3/4 + 1/4 of it in both.
    for (int i = 0; i < 12; i++)
        want[i] = row[i % 6];
    call.attrs = &both;
    gives(&call, (const float *[]){ x }, SFM_SHAPE(1, 1, 2, 6), want, 0);
    for (int i = 0; i < 12; i++)
        want[i] = open[i % 6];
    call.attrs = &down;
    gives(&call, (const float *[]){ x }, SFM_SHAPE(1, 1, 2, 6), want, 0);
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
    TEST(goes_round_along_the_axes_that_wrap);
    TEST(refuses_sides_that_cannot_double);
    return g_test_run();
}
