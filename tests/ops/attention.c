// SPDX-License-Identifier: GPL-3.0-or-later
#include "ops/attention.h"

#include <math.h>

#include "hand.h"
#include "params/attention.h"

static const SfmOp *op;

static SfmCall call_of(const SfmAttention *attrs, SfmShape q, SfmShape k)
{
    return (SfmCall){ .op = op, .attrs = attrs, .num_inputs = 3, .in = { q, k, k } };
}

static void gives_the_mean_of_the_values_to_a_query_of_zero(void)
{
    const SfmAttention attrs = { .heads = 1 };
    const SfmCall call = call_of(&attrs, SFM_SHAPE(1, 2, 1, 1), SFM_SHAPE(1, 2, 1, 3));
    const float q[] = { 0, 0 };
    const float k[] = { 5, 6, 7, -1, -2, -3 };
    const float v[] = { 1, 2, 6, 10, 20, 0 };
    const float want[] = { 9 / 3, 30 / 3 };

    gives(&call, (const float *[]){ q, k, v }, SFM_SHAPE(1, 2, 1, 1), want, 1e-6f);
}

// head_dim 4, so the scores are q . k / 2: ln 3 and 0, the weights 3/4 and 1/4.
static void divides_the_scores_by_the_root_of_the_head_dim(void)
{
    const SfmAttention attrs = { .heads = 1 };
    const SfmCall call = call_of(&attrs, SFM_SHAPE(1, 4, 1, 1), SFM_SHAPE(1, 4, 1, 2));
    const float q[] = { 1, 0, 0, 2 };
    const float k[] = { logf(3), 0, 9, 9, 9, 9, logf(3) / 2, 0 };
    const float v[] = { 4, 8, 0, 4, 4, 0, -4, 4 };
    const float want[] = { 3 + 2, 0 + 1, 3 + 0, -3 + 1 };

    gives(&call, (const float *[]){ q, k, v }, SFM_SHAPE(1, 4, 1, 1), want, 1e-6f);
}

static void gives_each_query_pixel_its_own_mixture(void)
{
    const SfmAttention attrs = { .heads = 1 };
    const SfmCall call = call_of(&attrs, SFM_SHAPE(1, 1, 2, 2), SFM_SHAPE(1, 1, 1, 2));
    const float q[] = { 0, logf(3), -logf(3), logf(7) };
    const float k[] = { 1, 0 };
    const float v[] = { 8, 0 };
    const float want[] = { 4, 6, 2, 7 }; // 8 times 1/2, 3/4, 1/4, 7/8

    gives(&call, (const float *[]){ q, k, v }, SFM_SHAPE(1, 1, 2, 2), want, 1e-5f);
}

// Two heads of one channel: each has its own scores, and each image.
static void keeps_heads_and_images_apart(void)
{
    const SfmAttention attrs = { .heads = 2 };
    const SfmCall call = call_of(&attrs, SFM_SHAPE(2, 2, 1, 1), SFM_SHAPE(2, 2, 1, 2));
    const float q[] = { 0, logf(3), /* the other image */ -logf(3), logf(7) };
    const float k[] = { 1, 0, 1, 0, 1, 0, 1, 0 };
    const float v[] = { 8, 0, 80, 0, 800, 0, 8000, 0 };
    const float want[] = { 4, 60, 200, 7000 };

    gives(&call, (const float *[]){ q, k, v }, SFM_SHAPE(2, 2, 1, 1), want, 1e-2f);
}

static void survives_scores_that_exp_cannot_take(void)
{
    const SfmAttention attrs = { .heads = 1 };
    const SfmCall call = call_of(&attrs, SFM_SHAPE(1, 1, 1, 2), SFM_SHAPE(1, 1, 1, 3));
    const float q[] = { 1000, -1000 };
    const float k[] = { 1, 2, 2 };
    const float v[] = { 5, 6, 8 };
    const float want[] = { 7, 5 };

    gives(&call, (const float *[]){ q, k, v }, SFM_SHAPE(1, 1, 1, 2), want, 1e-6f);
}

static void launches_a_workgroup_a_query_of_each_head(void)
{
    const SfmAttention attrs = { .heads = 2 };
    const SfmCall call = call_of(&attrs, SFM_SHAPE(3, 8, 5, 7), SFM_SHAPE(3, 8, 2, 3));
    struct AttentionParams push;

    launches(&call, 3 * 2 * 35, &push, sizeof(push));
    g_assert_cmpuint(push.count, ==, 3 * 2 * 35);
    g_assert_cmpuint(push.queries, ==, 35);
    g_assert_cmpuint(push.keys, ==, 6);
    g_assert_cmpuint(push.head_dim, ==, 4);
    g_assert_cmpfloat(push.scale, ==, 0.5f);
}

// A multiply-add a channel for each score and for each value that is summed.
static void costs_four_flop_a_pair_and_channel(void)
{
    const SfmAttention attrs = { .heads = 2 };
    const SfmCall call = call_of(&attrs, SFM_SHAPE(3, 8, 5, 7), SFM_SHAPE(3, 8, 2, 3));

    g_assert_cmpfloat(op->flop(&call), ==, 3 * 4.0 * 35 * 6 * 8);
}

static void refuses_heads_that_do_not_divide_channels(void)
{
    const SfmAttention none = { 0 }, three = { .heads = 3 };
    SfmCall call = call_of(&none, SFM_SHAPE(1, 4, 2, 2), SFM_SHAPE(1, 4, 2, 2));

    refuses(&call, "attention: 4 channels, 0 heads");
    call.attrs = &three;
    refuses(&call, "attention: 4 channels, 3 heads");
}

static void refuses_keys_and_values_that_do_not_match(void)
{
    const SfmAttention attrs = { .heads = 1 };
    SfmCall call = call_of(&attrs, SFM_SHAPE(1, 4, 2, 2), SFM_SHAPE(1, 8, 2, 2));

    refuses(&call, "attention: keys are [1, 8, ...], queries [1, 4, ...]");
    call.in[1] = call.in[2] = SFM_SHAPE(2, 4, 2, 2);
    refuses(&call, "attention: keys are [2, 4, ...], queries [1, 4, ...]");
    call.in[1] = SFM_SHAPE(1, 4, 2, 2);
    call.in[2] = SFM_SHAPE(1, 4, 2, 3);
    refuses(&call, "attention: v must be [1, 4, 2, 2], not [1, 4, 2, 3]");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

    op = sfm_op_find("attention");
    g_assert_nonnull(op);

#define TEST(name) g_test_add_func("/ops/attention/" #name, name)
    TEST(gives_the_mean_of_the_values_to_a_query_of_zero);
    TEST(divides_the_scores_by_the_root_of_the_head_dim);
    TEST(gives_each_query_pixel_its_own_mixture);
    TEST(keeps_heads_and_images_apart);
    TEST(survives_scores_that_exp_cannot_take);
    TEST(launches_a_workgroup_a_query_of_each_head);
    TEST(costs_four_flop_a_pair_and_channel);
    TEST(refuses_heads_that_do_not_divide_channels);
    TEST(refuses_keys_and_values_that_do_not_match);
    return g_test_run();
}
