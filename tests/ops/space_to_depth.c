// SPDX-License-Identifier: GPL-3.0-or-later
#include "ops/space_to_depth.h"

#include "hand.h"

static const SfmOp *op;

static SfmCall call_of(const SfmSpaceToDepth *attrs, SfmShape x)
{
    return (SfmCall){ .op = op, .attrs = attrs, .num_inputs = 1, .in = { x } };
}

static void makes_channels_of_squares_row_by_row(void)
{
    const SfmSpaceToDepth attrs = { .factor = 2 };
    const SfmCall call = call_of(&attrs, SFM_SHAPE(1, 1, 2, 4));
    const float x[] = {
        1, 2, 5, 6, //
        3, 4, 7, 8, //
    };
    const float want[] = { 1, 5, /* dx = 1 */ 2, 6, /* dy = 1 */ 3, 7, /* both */ 4, 8 };

    gives(&call, (const float *[]){ x }, SFM_SHAPE(1, 4, 1, 2), want, 0);
}

static void keeps_the_channels_of_one_colour_together(void)
{
    const SfmSpaceToDepth attrs = { .factor = 2 };
    const SfmCall call = call_of(&attrs, SFM_SHAPE(2, 2, 2, 2));
    float x[16];

    // With one square a plane, channel c p p + dy p + dx is the order in memory.
    for (int i = 0; i < 16; i++)
        x[i] = (float)i;
    gives(&call, (const float *[]){ x }, SFM_SHAPE(2, 8, 1, 1), x, 0);
}

static void takes_a_factor_of_three(void)
{
    const SfmSpaceToDepth attrs = { .factor = 3 };
    const SfmCall call = call_of(&attrs, SFM_SHAPE(1, 1, 3, 6));
    float x[18], want[18];

    for (int y = 0; y < 3; y++) {
        for (int column = 0; column < 6; column++) {
            x[y * 6 + column] = (float)(10 * y + column);
            want[(y * 3 + column % 3) * 2 + column / 3] = (float)(10 * y + column);
        }
    }
    gives(&call, (const float *[]){ x }, SFM_SHAPE(1, 9, 1, 2), want, 0);
}

static void refuses_factors_that_do_not_divide(void)
{
    const SfmSpaceToDepth none = { 0 }, two = { .factor = 2 };
    SfmCall call = call_of(&none, SFM_SHAPE(1, 3, 4, 6));

    refuses(&call, "space_to_depth: factor 0 does not divide 6 x 4 pixels");
    call.attrs = &two;
    call.in[0] = SFM_SHAPE(1, 3, 4, 5);
    refuses(&call, "space_to_depth: factor 2 does not divide 5 x 4 pixels");
    call.in[0] = SFM_SHAPE(1, 3, 3, 4);
    refuses(&call, "space_to_depth: factor 2 does not divide 4 x 3 pixels");
}

static void refuses_more_channels_than_can_be_counted(void)
{
    const SfmSpaceToDepth attrs = { .factor = 65535 };
    const SfmCall call = call_of(&attrs, SFM_SHAPE(1, 2, 65535, 65535));

    refuses(&call, "space_to_depth: factor 65535 makes too many channels of 2");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

    op = sfm_op_find("space_to_depth");
    g_assert_nonnull(op);

#define TEST(name) g_test_add_func("/ops/space_to_depth/" #name, name)
    TEST(makes_channels_of_squares_row_by_row);
    TEST(keeps_the_channels_of_one_colour_together);
    TEST(takes_a_factor_of_three);
    TEST(refuses_factors_that_do_not_divide);
    TEST(refuses_more_channels_than_can_be_counted);
    return g_test_run();
}
