// SPDX-License-Identifier: GPL-3.0-or-later
//
// What add_channels must do, worked out by hand.

#include "ops/add_channels.h"

#include "hand.h"

static const SfmOp *op;

static SfmCall small_call(void)
{
    return (SfmCall){
        .op = op,
        .num_inputs = 2,
        .in = { SFM_SHAPE(2, 2, 1, 3), SFM_SHAPE(2, 2, 1, 1) },
    };
}

static void adds_a_number_to_each_channel_of_each_image(void)
{
    SfmCall call = small_call();
    const float x[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3 };
    const float v[] = { 10, 20, 30, 40 };
    const float want[] = { 11, 12, 13, 24, 25, 26, 37, 38, 39, 41, 42, 43 };

    gives(&call, (const float *[]){ x, v }, call.in[0], want, 1e-6f);
}

static void refuses_another_number_of_images_or_channels(void)
{
    SfmCall call = small_call();

    call.in[1] = SFM_SHAPE(1, 2, 1, 1);
    refuses(&call, "add_channels: v must be [2, 2, 1, 1], not [1, 2, 1, 1]");
    call.in[1] = SFM_SHAPE(2, 3, 1, 1);
    refuses(&call, "add_channels: v must be [2, 2, 1, 1], not [2, 3, 1, 1]");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

    op = sfm_op_find("add_channels");
    g_assert_nonnull(op);

#define TEST(name) g_test_add_func("/ops/add_channels/" #name, name)
    TEST(adds_a_number_to_each_channel_of_each_image);
    TEST(refuses_another_number_of_images_or_channels);
    return g_test_run();
}
