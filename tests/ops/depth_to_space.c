// SPDX-License-Identifier: GPL-3.0-or-later
#include "ops/depth_to_space.h"

#include "hand.h"

static const SfmOp *op;

static SfmCall call_of(const SfmDepthToSpace *attrs, SfmShape x)
{
    return (SfmCall){ .op = op, .attrs = attrs, .num_inputs = 1, .in = { x } };
}

static void makes_squares_of_channels_row_by_row(void)
{
    const SfmDepthToSpace attrs = { .factor = 2 };
    const SfmCall call = call_of(&attrs, SFM_SHAPE(1, 4, 1, 2));
    const float x[] = { 1, 5, 2, 6, 3, 7, 4, 8 };
    const float want[] = {
        1, 2, 5, 6, //
        3, 4, 7, 8, //
    };

    gives(&call, (const float *[]){ x }, SFM_SHAPE(1, 1, 2, 4), want, 0);
}

static void keeps_colours_and_images_apart(void)
{
    const SfmDepthToSpace attrs = { .factor = 2 };
    const SfmCall call = call_of(&attrs, SFM_SHAPE(2, 8, 1, 1));
    float x[16];

    // With one square a plane, channel c p p + dy p + dx is the order in memory.
    for (int i = 0; i < 16; i++)
        x[i] = (float)i;
    gives(&call, (const float *[]){ x }, SFM_SHAPE(2, 2, 2, 2), x, 0);
}

static void takes_a_factor_of_three(void)
{
    const SfmDepthToSpace attrs = { .factor = 3 };
    const SfmCall call = call_of(&attrs, SFM_SHAPE(1, 9, 1, 2));
    float x[18], want[18];

    for (int y = 0; y < 3; y++) {
        for (int column = 0; column < 6; column++) {
            want[y * 6 + column] = (float)(10 * y + column);
            x[(y * 3 + column % 3) * 2 + column / 3] = (float)(10 * y + column);
        }
    }
    gives(&call, (const float *[]){ x }, SFM_SHAPE(1, 1, 3, 6), want, 0);
}

static void refuses_channels_that_do_not_fill_squares(void)
{
    const SfmDepthToSpace none = { 0 }, two = { .factor = 2 }, huge = { .factor = 65536 };
    SfmCall call = call_of(&none, SFM_SHAPE(1, 6, 4, 4));

    refuses(&call, "depth_to_space: 6 channels are not a multiple of 0 x 0");
    call.attrs = &two;
    refuses(&call, "depth_to_space: 6 channels are not a multiple of 2 x 2");
    call.attrs = &huge; // whose square is 0 in 32 bits
    refuses(&call, "depth_to_space: 6 channels are not a multiple of 65536 x 65536");
}

static void refuses_more_pixels_than_can_be_counted(void)
{
    const SfmDepthToSpace attrs = { .factor = 2 };
    const SfmCall call = call_of(&attrs, SFM_SHAPE(1, 4, 1, 1u << 31));

    refuses(&call, "depth_to_space: factor 2 makes too many pixels of 2147483648 x 1");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

    op = sfm_op_find("depth_to_space");
    g_assert_nonnull(op);

#define TEST(name) g_test_add_func("/ops/depth_to_space/" #name, name)
    TEST(makes_squares_of_channels_row_by_row);
    TEST(keeps_colours_and_images_apart);
    TEST(takes_a_factor_of_three);
    TEST(refuses_channels_that_do_not_fill_squares);
    TEST(refuses_more_pixels_than_can_be_counted);
    return g_test_run();
}
