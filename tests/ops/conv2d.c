// SPDX-License-Identifier: GPL-3.0-or-later
//
// What conv2d must do, worked out by hand.

#include "ops/conv2d.h"

#include "hand.h"

static const SfmOp *op;

static SfmCall call_of(const SfmConv2d *attrs, SfmShape x, uint32_t outputs)
{
    return (SfmCall){
        .op = op,
        .attrs = attrs,
        .num_inputs = 3,
        .in = { x, SFM_SHAPE(outputs, x.dim[1], attrs->kernel, attrs->kernel),
                SFM_SHAPE(1, outputs, 1, 1) },
    };
}

static const float digits[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9 };

// The weights are the places of a number to the base 5, the pixels its digits.
static void weighs_the_nine_neighbours_in_reading_order(void)
{
    const SfmConv2d attrs = { .kernel = 3, .stride = 1 };
    SfmCall call = call_of(&attrs, SFM_SHAPE(1, 1, 3, 3), 1);
    const float x[] = { 1, 2, 3, 4, 0, 1, 2, 3, 4 };
    const float place[] = { 390625, 78125, 15625, 3125, 625, 125, 25, 5, 1 };
    const float bias[] = { 0 };
    const float want[] = { 390625 + 156250 + 46875 + 12500 + 125 + 50 + 15 + 4 };

    gives(&call, (const float *[]){ x, place, bias }, SFM_SHAPE(1, 1, 1, 1), want, 0);
}

static void takes_zeros_beyond_the_image(void)
{
    const SfmConv2d attrs = { .kernel = 3, .stride = 1, 1, 1, 1, 1 };
    SfmCall call = call_of(&attrs, SFM_SHAPE(1, 1, 3, 3), 1);
    const float ones[] = { 1, 1, 1, 1, 1, 1, 1, 1, 1 };
    const float bias[] = { 0 };
    const float want[] = { 12, 21, 16, 27, 45, 33, 24, 39, 28 }; // 1 + 2 + 4 + 5, ...

    gives(&call, (const float *[]){ digits, ones, bias }, SFM_SHAPE(1, 1, 3, 3), want, 0);
}

// As the published downsamplers pad: nothing above and left, one below and right.
static void pads_each_side_by_itself(void)
{
    const SfmConv2d attrs = { .kernel = 3, .stride = 2, .bottom = 1, .right = 1 };
    SfmCall call = call_of(&attrs, SFM_SHAPE(1, 1, 4, 4), 1);
    const float x[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };
    const float ones[] = { 1, 1, 1, 1, 1, 1, 1, 1, 1 };
    const float bias[] = { 0 };
    const float want[] = {
        1 + 2 + 3 + 5 + 6 + 7 + 9 + 10 + 11, 3 + 4 + 7 + 8 + 11 + 12, //
        9 + 10 + 11 + 13 + 14 + 15, 11 + 12 + 15 + 16,                //
    };

    gives(&call, (const float *[]){ x, ones, bias }, SFM_SHAPE(1, 1, 2, 2), want, 0);
}

static void pads_above_and_left_where_asked(void)
{
    const SfmConv2d attrs = { .kernel = 3, .stride = 1, .top = 2, .left = 1 };
    SfmCall call = call_of(&attrs, SFM_SHAPE(1, 1, 1, 2), 1);
    const float x[] = { 1, 10 }; // under the weights' last row, second column on
    const float bias[] = { 0 }, want[] = { 8 * 1 + 9 * 10 };

    gives(&call, (const float *[]){ x, digits, bias }, SFM_SHAPE(1, 1, 1, 1), want, 0);
}

static void goes_round_along_the_axes_that_wrap(void)
{
    SfmConv2d attrs = { .kernel = 3, .stride = 1, 1, 1, 1, 1, { .x = true } };
    SfmCall call = call_of(&attrs, SFM_SHAPE(1, 1, 3, 3), 1);
    const float ones[] = { 1, 1, 1, 1, 1, 1, 1, 1, 1 };
    const float bias[] = { 0 };
    const float across[] = { 21, 21, 21, 45, 45, 45, 39, 39, 39 }; // whole rows: 6, 15, 24
    const float down[] = { 27, 45, 33, 27, 45, 33, 27, 45, 33 };   // whole columns: 12, 15, 18
    const float both[] = { 45, 45, 45, 45, 45, 45, 45, 45, 45 };

    gives(&call, (const float *[]){ digits, ones, bias }, SFM_SHAPE(1, 1, 3, 3), across, 0);
    attrs.wrap = (SfmWrap){ .y = true };
    gives(&call, (const float *[]){ digits, ones, bias }, SFM_SHAPE(1, 1, 3, 3), down, 0);
    attrs.wrap = (SfmWrap){ true, true };
    gives(&call, (const float *[]){ digits, ones, bias }, SFM_SHAPE(1, 1, 3, 3), both, 0);
}

// Only the last column and row meet what lies beyond: the first ones again.
static void wraps_what_is_padded_at_the_end_alone(void)
{
    const SfmConv2d attrs = {
        .kernel = 3, .stride = 2, .bottom = 1, .right = 1, .wrap = { true, true }
    };
    SfmCall call = call_of(&attrs, SFM_SHAPE(1, 1, 2, 4), 1);
    const float x[] = { 1, 2, 3, 4, 10, 20, 30, 40 };
    const float ones[] = { 1, 1, 1, 1, 1, 1, 1, 1, 1 };
    const float bias[] = { 0 };
    const float want[] = { 12 * (1 + 2 + 3), 12 * (3 + 4 + 1) }; // rows 0, 1, 0

    gives(&call, (const float *[]){ x, ones, bias }, SFM_SHAPE(1, 1, 1, 2), want, 0);
}

static void steps_by_the_stride(void)
{
    const SfmConv2d attrs = { .kernel = 1, .stride = 2 };
    SfmCall call = call_of(&attrs, SFM_SHAPE(1, 1, 3, 3), 1);
    const float two[] = { 2 }, bias[] = { 1 };
    const float want[] = { 3, 7, 15, 19 }; // the corners 1, 3, 7, 9

    gives(&call, (const float *[]){ digits, two, bias }, SFM_SHAPE(1, 1, 2, 2), want, 0);
}

static void mixes_channels_within_an_image_only(void)
{
    const SfmConv2d attrs = { .kernel = 1, .stride = 1 };
    SfmCall call = call_of(&attrs, SFM_SHAPE(2, 2, 1, 2), 3);
    const float x[] = { 1, 2, 10, 20, /* the other image */ 3, 4, 30, 40 };
    const float weight[] = { 1, 0, 0, 1, 1, 2 }; // the first, the second, a + 2 b
    const float bias[] = { 0, 0.5f, -1 };
    const float want[] = {
        1, 2, 10.5f, 20.5f, 20, 41, //
        3, 4, 30.5f, 40.5f, 62, 83,
    };

    gives(&call, (const float *[]){ x, weight, bias }, SFM_SHAPE(2, 3, 1, 2), want, 0);
}

// y = (x w + bias + addend) scale: (1 * 2 + 1 + 10) * 0.5, ...
static void adds_a_residual_and_scales_the_sum(void)
{
    const SfmConv2d attrs = { .kernel = 1, .stride = 1, .scale = 0.5f };
    SfmCall call = call_of(&attrs, SFM_SHAPE(2, 1, 1, 2), 1);
    const float x[] = { 1, 2, 3, 4 }, two[] = { 2 }, bias[] = { 1 };
    const float residual[] = { 10, 20, 30, 40 };
    const float want[] = { 6.5f, 12.5f, 18.5f, 24.5f };

    call.num_inputs = 4;
    call.in[3] = SFM_SHAPE(2, 1, 1, 2);
    gives(&call, (const float *[]){ x, two, bias, residual }, SFM_SHAPE(2, 1, 1, 2), want, 0);
}

static void adds_a_number_for_each_channel_of_each_image(void)
{
    const SfmConv2d attrs = { .kernel = 1, .stride = 1, .scale = 1 };
    SfmCall call = call_of(&attrs, SFM_SHAPE(2, 1, 1, 2), 2);
    const float x[] = { 1, 2, 3, 4 }, weight[] = { 1, -1 }, bias[] = { 0, 0 };
    const float time[] = { 10, 20, 30, 40 };
    const float want[] = { 11, 12, 19, 18, /* the other image */ 33, 34, 37, 36 };

    call.num_inputs = 4;
    call.in[3] = SFM_SHAPE(2, 2, 1, 1);
    gives(&call, (const float *[]){ x, weight, bias, time }, SFM_SHAPE(2, 2, 1, 2), want, 0);
}

// 2^24 + 1 is halfway between two floats and goes to the even one, 2^24; then 1
// more changes nothing. In double it would.
static void rounds_before_it_adds(void)
{
    const SfmConv2d attrs = { .kernel = 1, .stride = 1, .scale = 1 };
    SfmCall call = call_of(&attrs, SFM_SHAPE(1, 1, 1, 1), 1);
    const float x[] = { 16777216 }, one[] = { 1 }, want[] = { 16777216 };

    call.num_inputs = 4;
    call.in[3] = SFM_SHAPE(1, 1, 1, 1);
    gives(&call, (const float *[]){ x, one, one, one }, SFM_SHAPE(1, 1, 1, 1), want, 0);
}

// Twice and ten times each of two images.
static void makes_the_results_of_several_one_behind_the_other(void)
{
    const SfmConv2d attrs = { .kernel = 1, .stride = 1 };
    SfmCall call = call_of(&attrs, SFM_SHAPE(2, 1, 1, 2), 2);
    const float x[] = { 1, 2, 3, 4 }, weight[] = { 2, 10 }, bias[] = { 0, 0.5f };
    const float want[] = { 2, 4, 6, 8, 10.5f, 20.5f, 30.5f, 40.5f };

    call.in[2] = SFM_SHAPE(2, 1, 1, 1);
    gives(&call, (const float *[]){ x, weight, bias }, SFM_SHAPE(4, 1, 1, 2), want, 0);
    call.num_inputs = 4;
    call.in[3] = SFM_SHAPE(4, 1, 1, 2);
    refuses(&call, "conv2d: 2 results and an addend");
}

static void costs_two_flop_a_tap(void)
{
    const SfmConv2d attrs = { .kernel = 3, .stride = 1, 1, 1, 1, 1 };
    SfmCall call = call_of(&attrs, SFM_SHAPE(1, 8, 32, 32), 16);

    g_assert_true(call.op->infer(&call, NULL));
    g_assert_cmpfloat(call.op->flop(&call), ==, 2.0 * (16 * 32 * 32) * (8 * 9));
}

// 1 2 are seen as 1 1 2 2 twice, with zeros around.
static void sees_each_pixel_as_two_by_two(void)
{
    SfmConv2d attrs = { .kernel = 3, .stride = 1, 1, 1, 1, 1, .doubled = true };
    SfmCall call = call_of(&attrs, SFM_SHAPE(1, 1, 1, 2), 1);
    const float x[] = { 1, 2 };
    const float ones[] = { 1, 1, 1, 1, 1, 1, 1, 1, 1 };
    const float bias[] = { 0 };
    const float want[] = { 4, 8, 10, 8, 4, 8, 10, 8 };
    const float round[] = { 8, 8, 10, 10, 8, 8, 10, 10 };

    gives(&call, (const float *[]){ x, ones, bias }, SFM_SHAPE(1, 1, 2, 4), want, 0);
    attrs.wrap = (SfmWrap){ .x = true };
    gives(&call, (const float *[]){ x, ones, bias }, SFM_SHAPE(1, 1, 2, 4), round, 0);
}

static void refuses_kernels_strides_and_padding_beyond_its_own(void)
{
    SfmConv2d attrs = { .kernel = 2, .stride = 1 };
    SfmCall call = call_of(&attrs, SFM_SHAPE(1, 4, 8, 8), 4);

    refuses(&call, "conv2d: kernel is 2, must be 1 or 3");
    attrs = (SfmConv2d){ .kernel = 3, .stride = 3 };
    refuses(&call, "conv2d: stride is 3, must be 1 or 2");
    attrs = (SfmConv2d){ .kernel = 3, .stride = 0 };
    refuses(&call, "conv2d: stride is 0, must be 1 or 2");
    attrs = (SfmConv2d){ .kernel = 1, .stride = 1, .right = 1 };
    refuses(&call, "conv2d: padding 0, 0, 0, 1 must be less than the kernel's 1");
    attrs = (SfmConv2d){ .kernel = 3, .stride = 1, .top = UINT32_MAX };
    refuses(&call, "conv2d: padding 4294967295, 0, 0, 0 must be less than the kernel's 3");
    attrs = (SfmConv2d){ .kernel = 3, .stride = 1, .left = 2, .wrap = { .x = true } };
    call.in[0] = SFM_SHAPE(1, 4, 8, 1);
    refuses(&call, "conv2d: padding of 2, 0 cannot wrap around 1 x 8 pixels");
}

static void refuses_weights_that_do_not_fit(void)
{
    const SfmConv2d attrs = { .kernel = 3, .stride = 1, 1, 1, 1, 1 };
    SfmCall call = call_of(&attrs, SFM_SHAPE(1, 4, 8, 8), 6);

    call.in[1] = SFM_SHAPE(6, 5, 3, 3);
    refuses(&call, "conv2d: weight must be [6, 4, 3, 3], not [6, 5, 3, 3]");
    call.in[1] = SFM_SHAPE(6, 4, 1, 1);
    refuses(&call, "conv2d: weight must be [6, 4, 3, 3], not [6, 4, 1, 1]");
    call.in[1] = SFM_SHAPE(6, 4, 3, 3);
    call.in[2] = SFM_SHAPE(1, 4, 1, 1);
    refuses(&call, "conv2d: bias must be [1, 6, 1, 1], not [1, 4, 1, 1]");
    call.in[2] = SFM_SHAPE(1, 6, 1, 1);
    call.in[3] = SFM_SHAPE(1, 6, 8, 1);
    call.num_inputs = 4;
    refuses(&call, "conv2d: addend must be [1, 6, 8, 8], not [1, 6, 8, 1]");
}

static void refuses_an_image_smaller_than_the_kernel(void)
{
    const SfmConv2d attrs = { .kernel = 3, .stride = 1, .left = 1, .right = 1 };
    const SfmCall low = call_of(&attrs, SFM_SHAPE(1, 1, 2, 5), 1);
    const SfmCall empty = call_of(&attrs, SFM_SHAPE(1, 1, 3, 0), 1);

    refuses(&low, "conv2d: 5 x 2 pixels and padding hold no 3 x 3 kernel");
    refuses(&empty, "conv2d: 0 x 3 pixels and padding hold no 3 x 3 kernel");
}

static void refuses_to_double_what_cannot_be_counted(void)
{
    const SfmConv2d attrs = { .kernel = 1, .stride = 1, .doubled = true };
    const SfmCall wide = call_of(&attrs, SFM_SHAPE(1, 1, 1, 1u << 31), 1);

    refuses(&wide, "conv2d: 2147483648 x 1 pixels cannot be doubled");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

    op = sfm_op_find("conv2d");
    g_assert_nonnull(op);

#define TEST(name) g_test_add_func("/ops/conv2d/" #name, name)
    TEST(weighs_the_nine_neighbours_in_reading_order);
    TEST(takes_zeros_beyond_the_image);
    TEST(pads_each_side_by_itself);
    TEST(pads_above_and_left_where_asked);
    TEST(goes_round_along_the_axes_that_wrap);
    TEST(wraps_what_is_padded_at_the_end_alone);
    TEST(steps_by_the_stride);
    TEST(mixes_channels_within_an_image_only);
    TEST(adds_a_residual_and_scales_the_sum);
    TEST(adds_a_number_for_each_channel_of_each_image);
    TEST(rounds_before_it_adds);
    TEST(makes_the_results_of_several_one_behind_the_other);
    TEST(sees_each_pixel_as_two_by_two);
    TEST(costs_two_flop_a_tap);
    TEST(refuses_kernels_strides_and_padding_beyond_its_own);
    TEST(refuses_weights_that_do_not_fit);
    TEST(refuses_an_image_smaller_than_the_kernel);
    TEST(refuses_to_double_what_cannot_be_counted);
    return g_test_run();
}
