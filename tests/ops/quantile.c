// SPDX-License-Identifier: GPL-3.0-or-later
#include "ops/quantile.h"

#include <math.h>

#include "hand.h"
#include "params/quantile.h"

static const SfmOp *op;

static void finds(SfmQuantile attrs, SfmShape shape, const float *x, const float *want)
{
    const SfmCall call = { .op = op, .attrs = &attrs, .num_inputs = 1, .in = { shape } };

    gives(&call, &x, SFM_SHAPE(shape.dim[0], 1, 1, 1), want, 1e-6f);
}

static void finds_the_ends_and_the_middle(void)
{
    const float x[] = { 3, -5, 8, 1, 2 };
    const SfmShape shape = SFM_SHAPE(1, 1, 1, 5);

    finds((SfmQuantile){ .q = 0 }, shape, x, (const float[]){ -5 });
    finds((SfmQuantile){ .q = 0.5f }, shape, x, (const float[]){ 2 });
    finds((SfmQuantile){ .q = 1 }, shape, x, (const float[]){ 8 });
}

// Five values: q = 0.875 is at 3.5, halfway from 3 to 8; 0.0625 at 0.25, a
// quarter of the way from -5 to 1.
static void goes_between_neighbours_in_proportion(void)
{
    const float x[] = { 3, -5, 8, 1, 2 };
    const SfmShape shape = SFM_SHAPE(1, 1, 1, 5);

    finds((SfmQuantile){ .q = 0.875f }, shape, x, (const float[]){ 5.5f });
    finds((SfmQuantile){ .q = 0.0625f }, shape, x, (const float[]){ -3.5f });
}

static void takes_magnitudes_when_asked_to(void)
{
    const float x[] = { 3, -5, 8, 1, 2 }; // 1, 2, 3, 5, 8

    finds((SfmQuantile){ .q = 0.875f, .absolute = 1 }, SFM_SHAPE(1, 1, 1, 5), x,
          (const float[]){ 6.5f });
}

static void looks_at_each_image_by_itself(void)
{
    const float x[] = { 1, 2, 3, 4, /* the other image */ 40, 30, 20, 10 };

    finds((SfmQuantile){ .q = 0.5f }, SFM_SHAPE(2, 2, 2, 1), x, (const float[]){ 2.5f, 25 });
}

static void stays_on_values_that_occur_more_than_once(void)
{
    const float x[] = { 7, 7, 1, 7, 9 };

    finds((SfmQuantile){ .q = 0.6f }, SFM_SHAPE(1, 5, 1, 1), x, (const float[]){ 7 });
}

static void lets_nan_through_to_its_own_image_alone(void)
{
    const float x[] = { 3, NAN, 5, /* the other image */ INFINITY, -INFINITY, 4 };

    finds((SfmQuantile){ .q = 0 }, SFM_SHAPE(2, 1, 1, 3), x, (const float[]){ NAN, -INFINITY });
    finds((SfmQuantile){ .q = 0.5f }, SFM_SHAPE(2, 1, 1, 3), x, (const float[]){ NAN, 4 });
    finds((SfmQuantile){ .q = 1 }, SFM_SHAPE(2, 1, 1, 3), x, (const float[]){ NAN, INFINITY });
}

static void launches_a_workgroup_an_image(void)
{
    const SfmQuantile attrs = { .q = 0.75f, .absolute = 1 };
    const SfmCall call = {
        .op = op, .attrs = &attrs, .num_inputs = 1, .in = { SFM_SHAPE(3, 2, 5, 7) }
    };
    struct QuantileParams push;

    launches(&call, 3, &push, sizeof(push));
    g_assert_cmpuint(push.images, ==, 3);
    g_assert_cmpuint(push.count, ==, 70);
    g_assert_cmpuint(push.absolute, ==, 1);
    g_assert_cmpuint(push.rank, ==, 51); // 69 * 0.75 = 51.75
    g_assert_cmpfloat(push.fraction, ==, 0.75f);
}

static void refuses_shares_beyond_the_whole(void)
{
    const SfmQuantile more = { .q = 1.5f }, less = { .q = -0.5f }, nan = { .q = NAN };
    SfmCall call = { .op = op, .attrs = &more, .num_inputs = 1, .in = { SFM_SHAPE(1, 1, 1, 1) } };

    refuses(&call, "quantile: q is 1.5, not within 0 .. 1");
    call.attrs = &less;
    refuses(&call, "quantile: q is -0.5, not within 0 .. 1");
    call.attrs = &nan;
    refuses(&call, "quantile: q is nan, not within 0 .. 1");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

    op = sfm_op_find("quantile");
    g_assert_nonnull(op);

#define TEST(name) g_test_add_func("/ops/quantile/" #name, name)
    TEST(finds_the_ends_and_the_middle);
    TEST(goes_between_neighbours_in_proportion);
    TEST(takes_magnitudes_when_asked_to);
    TEST(looks_at_each_image_by_itself);
    TEST(stays_on_values_that_occur_more_than_once);
    TEST(lets_nan_through_to_its_own_image_alone);
    TEST(launches_a_workgroup_an_image);
    TEST(refuses_shares_beyond_the_whole);
    return g_test_run();
}
