// SPDX-License-Identifier: GPL-3.0-or-later
#include "ops/wrap.h"

#include "hand.h"

static const SfmOp *op;
static const SfmWrap no_wrap;

static SfmCall call_of(SfmShape x)
{
    return (SfmCall){ .op = op, .attrs = &no_wrap, .num_inputs = 1, .in = { x } };
}

static void takes_the_kernel_with_zeros_outside(void)
{
    const SfmCall call = call_of(SFM_SHAPE(1, 1, 2, 4));
    const float x[] = {
        8, 16, 24, 32, //
        0, 0,  0,  0,  //
    };
    // Down: row -1 is outside, row 0 has weight 3/8, row 1 is zero.
    // Across: 0 + 3 * 8 + 3 * 16 + 24 = 96 and 16 + 3 * 24 + 3 * 32 + 0 = 184, in eighths.
    const float want[] = { 96 / 8.0f * 3 / 8, 184 / 8.0f * 3 / 8 };

    gives(&call, (const float *[]){ x }, SFM_SHAPE(1, 1, 1, 2), want, 0);
}

static void weighs_rows_as_it_weighs_columns(void)
{
    const SfmCall call = call_of(SFM_SHAPE(1, 1, 4, 2));
    const float x[] = { 8, 0, 16, 0, 24, 0, 32, 0 };
    const float want[] = { 96 / 8.0f * 3 / 8, 184 / 8.0f * 3 / 8 };

    gives(&call, (const float *[]){ x }, SFM_SHAPE(1, 1, 2, 1), want, 0);
}

static void spreads_a_point_over_the_places_that_see_it(void)
{
    const SfmCall call = call_of(SFM_SHAPE(1, 1, 4, 4));
    float x[16] = { 0 };
    x[1 * 4 + 2] = 64;
    // Row 1: row 0 of y has it at i = 2, weight 3; row 1 (rows 1 .. 4) at i = 0, weight 1.
    // Column 2: column 0 of y (columns -1 .. 2) has it at j = 3, weight 1; column 1 at j = 1,
    // weight 3.
    const float want[] = { 3 * 1, 3 * 3, 1 * 1, 1 * 3 };

    gives(&call, (const float *[]){ x }, SFM_SHAPE(1, 1, 2, 2), want, 0);
}

static void goes_round_along_the_axes_that_wrap(void)
{
    SfmCall call = call_of(SFM_SHAPE(1, 1, 2, 4));
    const float x[] = { 8, 16, 24, 32, 80, 160, 240, 320 };
    const SfmWrap across = { .x = true }, down = { .y = true };
    // In eighths, 8: (32 + 3 * 8 + 3 * 16 + 24) / 8 = 16 and (16 + 3 * 24 + 3 * 32 + 8) / 8 = 24;
    // rows: 3/8 of each.
    const float round[] = { 16 * 11 * 3 / 8.0f, 24 * 11 * 3 / 8.0f };
    // Rows -1 and 2 are rows 1 and 0: each row counts 4/8. Across, zeros: 96 / 8 and 184 / 8.
    const float tall[] = { 12 * 11 / 2.0f, 23 * 11 / 2.0f };

    call.attrs = &across;
    gives(&call, (const float *[]){ x }, SFM_SHAPE(1, 1, 1, 2), round, 0);
    call.attrs = &down;
    gives(&call, (const float *[]){ x }, SFM_SHAPE(1, 1, 1, 2), tall, 0);
}

static void keeps_channels_and_images_apart(void)
{
    const SfmCall call = call_of(SFM_SHAPE(2, 2, 2, 2));
    const float x[] = { 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4 };
    const float k = 36 / 64.0f; // the four inner weights: (3 + 3) * (3 + 3)
    const float want[] = { k, 2 * k, 3 * k, 4 * k };

    gives(&call, (const float *[]){ x }, SFM_SHAPE(2, 2, 1, 1), want, 0);
}

static void refuses_odd_sides(void)
{
    const SfmCall wide = call_of(SFM_SHAPE(1, 1, 4, 3)), tall = call_of(SFM_SHAPE(1, 1, 5, 2));

    refuses(&wide, "fir_down: 3 x 4 pixels are not even");
    refuses(&tall, "fir_down: 2 x 5 pixels are not even");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

    op = sfm_op_find("fir_down");
    g_assert_nonnull(op);

#define TEST(name) g_test_add_func("/ops/fir_down/" #name, name)
    TEST(takes_the_kernel_with_zeros_outside);
    TEST(weighs_rows_as_it_weighs_columns);
    TEST(spreads_a_point_over_the_places_that_see_it);
    TEST(goes_round_along_the_axes_that_wrap);
    TEST(keeps_channels_and_images_apart);
    TEST(refuses_odd_sides);
    return g_test_run();
}
