// SPDX-License-Identifier: GPL-3.0-or-later
//
// What slice must do, by hand.

#include "ops/slice.h"

#include "hand.h"

static const SfmOp *op;

static SfmCall small_call(const SfmSlice *attrs)
{
    return (SfmCall){ .op = op, .attrs = attrs, .num_inputs = 1, .in = { SFM_SHAPE(2, 3, 1, 2) } };
}

static void takes_the_same_channels_of_each_image(void)
{
    const SfmSlice attrs = { .first = 1, .count = 2 };
    const SfmCall call = small_call(&attrs);
    const float x[] = { 1, 2, 3, 4, 5, 6, /* the other image */ 7, 8, 9, 10, 11, 12 };

    gives(&call, (const float *[]){ x }, SFM_SHAPE(2, 2, 1, 2),
          (float[]){ 3, 4, 5, 6, 9, 10, 11, 12 }, 0);
}

static void takes_all_channels(void)
{
    const SfmSlice attrs = { .first = 0, .count = 3 };
    const SfmCall call = small_call(&attrs);
    const float x[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 };

    gives(&call, (const float *[]){ x }, SFM_SHAPE(2, 3, 1, 2), x, 0);
}

static void refuses_channels_that_are_not_there(void)
{
    const SfmSlice beyond = { .first = 2, .count = 2 }, none = { .first = 0, .count = 0 };
    const SfmSlice wraps = { .first = UINT32_MAX, .count = 2 };

    SfmCall call = small_call(&beyond);
    refuses(&call, "slice: 2 channels from 2 on, of 3");
    call = small_call(&none);
    refuses(&call, "slice: 0 channels from 0 on, of 3");
    call = small_call(&wraps);
    refuses(&call, "slice: 2 channels from 4294967295 on, of 3");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

    op = sfm_op_find("slice");
    g_assert_nonnull(op);

#define TEST(name) g_test_add_func("/ops/slice/" #name, name)
    TEST(takes_the_same_channels_of_each_image);
    TEST(takes_all_channels);
    TEST(refuses_channels_that_are_not_there);
    return g_test_run();
}
