// SPDX-License-Identifier: GPL-3.0-or-later
//
// What time_fourier must do, worked out by hand.

#include "ops/time_fourier.h"

#include "hand.h"

static const SfmOp *op;

static SfmCall call_of(uint32_t num, uint32_t width)
{
    return (SfmCall){
        .op = op,
        .num_inputs = 2,
        .in = { SFM_SHAPE(num, 1, 1, 1), SFM_SHAPE(1, width, 1, 1) },
    };
}

// At t = e an angle is w turns, at t = e^2 twice as many.
static void turns_by_w_times_the_logarithm(void)
{
    const SfmCall call = call_of(2, 3);
    const float t[] = { 2.71828183f, 7.38905610f };
    const float w[] = { 0.25f, 1, 1 / 12.0f };
    const float want[] = {
        1, 0, 0.5f,         0,  1, 0.866025404f, // 90, 360 and 30 degrees: sines, cosines
        0, 0, 0.866025404f, -1, 1, 0.5f,         // 180, 720 and 60
    };

    gives(&call, (const float *[]){ t, w }, SFM_SHAPE(2, 6, 1, 1), want, 2e-6f);
}

static void a_level_of_one_is_the_zero_of_angles(void)
{
    const SfmCall call = call_of(1, 2);
    const float t[] = { 1 }, w[] = { 40, -7 }, want[] = { 0, 0, 1, 1 };

    gives(&call, (const float *[]){ t, w }, SFM_SHAPE(1, 4, 1, 1), want, 0);
}

static void refuses_shapes_that_do_not_fit(void)
{
    SfmCall call = call_of(2, 3);

    call.in[0] = SFM_SHAPE(2, 3, 1, 1);
    refuses(&call, "time_fourier: t must be [2, 1, 1, 1], not [2, 3, 1, 1]");
    call = call_of(2, 3);
    call.in[1] = SFM_SHAPE(2, 3, 1, 1);
    refuses(&call, "time_fourier: w must be [1, 3, 1, 1], not [2, 3, 1, 1]");
    call = call_of(2, 3000000000u);
    refuses(&call, "time_fourier: 3000000000 frequencies are too many");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

    op = sfm_op_find("time_fourier");
    g_assert_nonnull(op);

#define TEST(name) g_test_add_func("/ops/time_fourier/" #name, name)
    TEST(turns_by_w_times_the_logarithm);
    TEST(a_level_of_one_is_the_zero_of_angles);
    TEST(refuses_shapes_that_do_not_fit);
    return g_test_run();
}
