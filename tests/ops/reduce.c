// SPDX-License-Identifier: GPL-3.0-or-later
#include "ops/reduce.h"

#include <math.h>

#include "hand.h"
#include "params/reduce.h"

static const SfmOp *op;

static void reduces(SfmReduceKind kind, SfmShape shape, const float *x, const float *want)
{
    const SfmReduce attrs = { .kind = kind };
    const SfmCall call = { .op = op, .attrs = &attrs, .num_inputs = 1, .in = { shape } };

    gives(&call, &x, SFM_SHAPE(shape.dim[0], 1, 1, 1), want, 1e-6f);
}

static void takes_the_mean_of_each_image(void)
{
    const float x[] = { 1, 2, 3, -2, /* the other image */ 10, 20, 30, -20 };

    reduces(SFM_REDUCE_MEAN, SFM_SHAPE(2, 2, 1, 2), x, (const float[]){ 1, 10 });
}

static void takes_the_root_of_the_mean_square_of_each_image(void)
{
    const float x[] = { 1, -7, 5, 5, /* the other image */ 0, 0, 0, 4 };

    // sqrt((1 + 49 + 25 + 25) / 4), sqrt(16 / 4)
    reduces(SFM_REDUCE_RMS, SFM_SHAPE(2, 1, 2, 2), x, (const float[]){ 5, 2 });
}

static void takes_the_largest_magnitude_of_each_image(void)
{
    const float x[] = { 1, -7, 5, 5, /* the other image */ 0, 0, 0.5f, -0.25f };

    reduces(SFM_REDUCE_ABSMAX, SFM_SHAPE(2, 4, 1, 1), x, (const float[]){ 7, 0.5f });
}

static void lets_nan_through_to_its_own_image_alone(void)
{
    const float x[] = { 3, NAN, INFINITY, /* the other image */ -3, -3, -3 };
    const SfmShape shape = SFM_SHAPE(2, 1, 1, 3);

    reduces(SFM_REDUCE_MEAN, shape, x, (const float[]){ NAN, -3 });
    reduces(SFM_REDUCE_RMS, shape, x, (const float[]){ NAN, 3 });
    reduces(SFM_REDUCE_ABSMAX, shape, x, (const float[]){ NAN, 3 });
}

static void launches_a_workgroup_an_image(void)
{
    const SfmReduce attrs = { .kind = SFM_REDUCE_RMS };
    const SfmCall call = {
        .op = op, .attrs = &attrs, .num_inputs = 1, .in = { SFM_SHAPE(3, 2, 5, 7) }
    };
    struct ReduceParams push;

    launches(&call, 3, &push, sizeof(push));
    g_assert_cmpuint(push.images, ==, 3);
    g_assert_cmpuint(push.count, ==, 70);
    g_assert_cmpuint(push.kind, ==, REDUCE_RMS);
}

static void refuses_kinds_that_there_are_not(void)
{
    const SfmReduce none = { .kind = 3 };
    const SfmCall call = {
        .op = op, .attrs = &none, .num_inputs = 1, .in = { SFM_SHAPE(1, 1, 1, 1) }
    };

    refuses(&call, "reduce: no kind 3");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

    op = sfm_op_find("reduce");
    g_assert_nonnull(op);

#define TEST(name) g_test_add_func("/ops/reduce/" #name, name)
    TEST(takes_the_mean_of_each_image);
    TEST(takes_the_root_of_the_mean_square_of_each_image);
    TEST(takes_the_largest_magnitude_of_each_image);
    TEST(lets_nan_through_to_its_own_image_alone);
    TEST(launches_a_workgroup_an_image);
    TEST(refuses_kinds_that_there_are_not);
    return g_test_run();
}
