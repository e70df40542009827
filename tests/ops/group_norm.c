// SPDX-License-Identifier: GPL-3.0-or-later
//
// What group_norm must do, worked out by hand. That the shader agrees with the
// reference on random data of many shapes is tests/ops/agree.c's business, for
// all ops alike.

#include "ops/group_norm.h"

#include "hand.h"
#include "params/group_norm.h"

static const SfmOp *op;

// Two channels of two pixels each, in `images` images.
static SfmCall small_call(const SfmGroupNorm *attrs, uint32_t images)
{
    return (SfmCall){
        .op = op,
        .attrs = attrs,
        .num_inputs = 3,
        .in = { SFM_SHAPE(images, 2, 1, 2), SFM_SHAPE(1, 2, 1, 1), SFM_SHAPE(1, 2, 1, 1) },
    };
}

static void gives_mean_beta_and_spread_gamma(void)
{
    const SfmGroupNorm attrs = { .groups = 2 };
    SfmCall call = small_call(&attrs, 1);
    const float x[] = { 1, 3, -10, 10 };
    const float gamma[] = { 1, 2 };
    const float beta[] = { 0, 5 };
    const float want[] = { -1, +1, 5 - 2, 5 + 2 }; // (1 - 2) / 1, ..., 10 / 10 * 2 + 5

    gives(&call, (const float *[]){ x, gamma, beta }, call.in[0], want, 1e-6f);
}

static void normalises_each_image_by_itself(void)
{
    const SfmGroupNorm attrs = { .groups = 1 };
    SfmCall call = small_call(&attrs, 2);
    const float x[] = { 1, 1, 3, 3, /* the other image */ 10, 10, 30, 30 };
    const float gamma[] = { 1, 2 };
    const float beta[] = { 0, 5 };
    const float want[] = { -1, -1, 7, 7, -1, -1, 7, 7 };

    gives(&call, (const float *[]){ x, gamma, beta }, call.in[0], want, 1e-6f);
}

static void adds_eps_to_the_variance(void)
{
    const SfmGroupNorm attrs = { .groups = 2, .eps = 3.0f };
    SfmCall call = small_call(&attrs, 1);
    const float x[] = { 1, 3, 1, 3 };
    const float gamma[] = { 1, 1 };
    const float beta[] = { 0, 0 };
    const float want[] = { -0.5f, 0.5f, -0.5f, 0.5f }; // (1 - 2) / sqrt(1 + 3)

    gives(&call, (const float *[]){ x, gamma, beta }, call.in[0], want, 1e-6f);
}

static void turns_a_flat_group_into_beta(void)
{
    const SfmGroupNorm attrs = { .groups = 1, .eps = 1e-5f };
    SfmCall call = small_call(&attrs, 1);
    const float x[] = { 7, 7, 7, 7 };
    const float gamma[] = { 1, 2 };
    const float beta[] = { 3, 4 };
    const float want[] = { 3, 3, 4, 4 };

    gives(&call, (const float *[]){ x, gamma, beta }, call.in[0], want, 1e-6f);
}

static void applies_the_activation_last(void)
{
    const SfmGroupNorm attrs = { .groups = 2, .act = SFM_ACTIVATION_RELU };
    SfmCall call = small_call(&attrs, 1);
    const float x[] = { 1, 3, -10, 10 };
    const float gamma[] = { 1, 2 };
    const float beta[] = { 0, 1 };
    const float want[] = { 0, +1, 0, 3 }; // of -1, +1, 1 - 2, 1 + 2

    gives(&call, (const float *[]){ x, gamma, beta }, call.in[0], want, 1e-6f);
}

static void launches_a_workgroup_a_row(void)
{
    const SfmGroupNorm attrs = { .groups = 2, .eps = 0.5f };
    SfmCall call = small_call(&attrs, 3);
    struct GroupNormParams push;

    launches(&call, 3 * 2, &push, sizeof(push));
    g_assert_cmpuint(push.channels, ==, 1);
    g_assert_cmpuint(push.pixels, ==, 2);
    g_assert_cmpuint(push.groups, ==, 2);
    g_assert_cmpuint(push.rows, ==, 6);
    g_assert_cmpfloat(push.eps, ==, 0.5f);
}

static void spreads_more_rows_than_a_launch_is_wide(void)
{
    const SfmGroupNorm attrs = { .groups = 2 };
    SfmCall call = small_call(&attrs, 40000);
    SfmLaunch launch;

    op->launch(&call, &launch);
    g_assert_cmpuint(launch.groups[0], ==, 65535);
    g_assert_cmpuint(launch.groups[1], ==, 2);
}

static void refuses_groups_that_do_not_divide_channels(void)
{
    const SfmGroupNorm four = { .groups = 4 }, none = { .groups = 0 };
    SfmCall call = small_call(&four, 1);

    refuses(&call, "group_norm: 2 channels, 4 groups");
    call.attrs = &none;
    refuses(&call, "group_norm: 2 channels, 0 groups");
}

static void refuses_gamma_or_beta_of_another_length(void)
{
    const SfmGroupNorm attrs = { .groups = 2 };

    for (int i = 1; i <= 2; i++) {
        SfmCall call = small_call(&attrs, 1);
        call.in[i] = SFM_SHAPE(1, 3, 1, 1);
        g_autofree char *why = g_strdup_printf(
            "group_norm: %s must be [1, 2, 1, 1], not [1, 3, 1, 1]", i == 1 ? "gamma" : "beta");
        refuses(&call, why);
    }
}

static void refuses_an_activation_that_there_is_not(void)
{
    const SfmGroupNorm attrs = { .groups = 2, .act = SFM_NUM_ACTIVATIONS };

    const SfmCall call = small_call(&attrs, 1);

    refuses(&call, "group_norm: no activation has the number 5");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

    op = sfm_op_find("group_norm");
    g_assert_nonnull(op);

#define TEST(name) g_test_add_func("/ops/group_norm/" #name, name)
    TEST(gives_mean_beta_and_spread_gamma);
    TEST(normalises_each_image_by_itself);
    TEST(adds_eps_to_the_variance);
    TEST(turns_a_flat_group_into_beta);
    TEST(applies_the_activation_last);
    TEST(launches_a_workgroup_a_row);
    TEST(spreads_more_rows_than_a_launch_is_wide);
    TEST(refuses_groups_that_do_not_divide_channels);
    TEST(refuses_gamma_or_beta_of_another_length);
    TEST(refuses_an_activation_that_there_is_not);
    return g_test_run();
}
