// SPDX-License-Identifier: GPL-3.0-or-later
//
// What time_sinusoidal must do, worked out by hand.

#include "ops/time_sinusoidal.h"

#include "hand.h"

static const SfmOp *op;

static SfmCall call_of(const SfmTimeSinusoidal *attrs, uint32_t num)
{
    return (SfmCall){
        .op = op,
        .attrs = attrs,
        .num_inputs = 1,
        .in = { SFM_SHAPE(num, 1, 1, 1) },
    };
}

// With freq_shift 1 the frequencies run from 1 to 1 / 10000: of three, the
// middle one is 1 / 100.
static void frequencies_fall_from_1_to_1_in_10000(void)
{
    const SfmTimeSinusoidal attrs = { .dim = 6, .freq_shift = 1 };
    const SfmCall call = call_of(&attrs, 1);
    const float t[] = { 100 };
    const float want[] = {
        -0.506365641f, 0.841470985f, 0.00999983333f, // sin 100, sin 1, sin 0.01
        0.862318872f,  0.540302306f, 0.999950000f,   // cos
    };

    gives(&call, (const float *[]){ t }, SFM_SHAPE(1, 6, 1, 1), want, 2e-6f);
}

// Without, the last step down is left out: of two, the second is 1 / 100.
static void no_shift_leaves_the_lowest_out(void)
{
    const SfmTimeSinusoidal attrs = { .dim = 4 };
    const SfmCall call = call_of(&attrs, 2);
    const float t[] = { 0, 100 };
    const float want[] = { 0, 0, 1, 1, -0.506365641f, 0.841470985f, 0.862318872f, 0.540302306f };

    gives(&call, (const float *[]){ t }, SFM_SHAPE(2, 4, 1, 1), want, 2e-6f);
}

static void cosines_come_first_where_asked(void)
{
    const SfmTimeSinusoidal attrs = { .dim = 2, .cos_first = 1 };
    const SfmCall call = call_of(&attrs, 1);
    const float t[] = { 1 }, want[] = { 0.540302306f, 0.841470985f };

    gives(&call, (const float *[]){ t }, SFM_SHAPE(1, 2, 1, 1), want, 1e-7f);
}

static void an_odd_one_ends_with_a_zero(void)
{
    const SfmTimeSinusoidal attrs = { .dim = 3 };
    const SfmCall call = call_of(&attrs, 1);
    const float t[] = { 1 }, want[] = { 0.841470985f, 0.540302306f, 0 };

    gives(&call, (const float *[]){ t }, SFM_SHAPE(1, 3, 1, 1), want, 1e-7f);
}

// f_1 = exp(-ln(10000) / 63) = 0.863988449; the nearest float is 0.863988459, and
// the nearest to 999 times that 863.124451. Its sine is 0.7267159; unrounded,
// 863.124461 would give 0.7267088.
static void rounds_as_fp32_does(void)
{
    const SfmTimeSinusoidal attrs = { .dim = 128, .freq_shift = 1 };
    SfmCall call = call_of(&attrs, 1);
    const float t = 999;
    float y[128];

    g_assert_true(op->infer(&call, NULL));
    op->reference(&call, (float *[]){ y }, (const float *[]){ &t });
    g_assert_cmpfloat_with_epsilon(y[1], 0.7267159f, 1e-7);
}

static void refuses_to_be_without_frequencies(void)
{
    const SfmTimeSinusoidal one = { .dim = 1 }, shifted = { .dim = 2, .freq_shift = 1 };
    SfmCall call = call_of(&one, 1);

    refuses(&call, "time_sinusoidal: 1 values with freq_shift 0 hold no frequencies");
    call.attrs = &shifted;
    refuses(&call, "time_sinusoidal: 2 values with freq_shift 1 hold no frequencies");
}

static void refuses_more_than_a_number_an_image(void)
{
    const SfmTimeSinusoidal attrs = { .dim = 4 };
    SfmCall call = call_of(&attrs, 2);

    call.in[0] = SFM_SHAPE(1, 2, 1, 1);
    refuses(&call, "time_sinusoidal: t must be [1, 1, 1, 1], not [1, 2, 1, 1]");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

    op = sfm_op_find("time_sinusoidal");
    g_assert_nonnull(op);

#define TEST(name) g_test_add_func("/ops/time_sinusoidal/" #name, name)
    TEST(frequencies_fall_from_1_to_1_in_10000);
    TEST(no_shift_leaves_the_lowest_out);
    TEST(cosines_come_first_where_asked);
    TEST(an_odd_one_ends_with_a_zero);
    TEST(rounds_as_fp32_does);
    TEST(refuses_to_be_without_frequencies);
    TEST(refuses_more_than_a_number_an_image);
    return g_test_run();
}
