// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/expr.h"

#include <math.h>

#include <glib.h>

#include "cpu/expr.h"

static void computes_each_kind_of_node(void)
{
    const float in[] = { -2.25f }, scalars[] = { 4 };
    const float *tensors[] = { in };
    const struct {
        SfmExprKind kind;
        double want; // of a = -2.25, b = 4
    } rows[] = {
        { SFM_EXPR_ADD, 1.75 },    { SFM_EXPR_SUB, -6.25 }, { SFM_EXPR_MUL, -9 },
        { SFM_EXPR_DIV, -0.5625 }, { SFM_EXPR_MIN, -2.25 }, { SFM_EXPR_MAX, 4 },
        { SFM_EXPR_NEG, 2.25 },    { SFM_EXPR_ABS, 2.25 },  { SFM_EXPR_EXP, exp(-2.25) },
        { SFM_EXPR_LESS, 1 },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const SfmExpr expr = {
            .num_nodes = 3,
            .num_tensors = 1,
            .num_scalars = 1,
            .node = { { .kind = SFM_EXPR_TENSOR },
                      { .kind = SFM_EXPR_SCALAR },
                      { .kind = rows[i].kind, .a = 0, .b = 1 } },
        };
        float got;
        g_assert_true(sfm_expr_valid(&expr));
        sfm_cpu_eval(&expr, scalars, tensors, 1, 1, &got);
        g_assert_cmpfloat_with_epsilon(got, rows[i].want, 1e-6);
    }
}

// sqrt(x * v) where x < v, else 0, with one v an image.
static void broadcasts_what_there_is_one_of_per_image(void)
{
    const float x[] = { 1, 4, 9, 16 }, v[] = { 4, 9 }, zero[] = { 0 };
    const float *tensors[] = { x, v };
    const SfmExpr expr = {
        .num_nodes = 7,
        .num_tensors = 2,
        .num_scalars = 1,
        .node = {
            { .kind = SFM_EXPR_TENSOR, .a = 0 },
            { .kind = SFM_EXPR_PER_IMAGE, .a = 1 },
            { .kind = SFM_EXPR_MUL, .a = 0, .b = 1 },
            { .kind = SFM_EXPR_SQRT, .a = 2 },
            { .kind = SFM_EXPR_LESS, .a = 0, .b = 1 },
            { .kind = SFM_EXPR_SCALAR, .a = 0 },
            { .kind = SFM_EXPR_SELECT, .a = 4, .b = 3, .c = 5 },
        },
    };
    const float want[] = { 2, 0, 0, 0 }; // 1 < 4, but not 4 < 4, 9 < 9, 16 < 9
    float got[4];

    g_assert_true(sfm_expr_valid(&expr));
    sfm_cpu_eval(&expr, zero, tensors, 2, 2, got);
    for (int i = 0; i < 4; i++)
        g_assert_cmpfloat(got[i], ==, want[i]);
}

static void refuses_what_points_ahead_or_beyond_its_slots(void)
{
    const SfmExpr sound = {
        .num_nodes = 2,
        .num_tensors = 1,
        .node = { { .kind = SFM_EXPR_TENSOR, .a = 0 }, { .kind = SFM_EXPR_NEG, .a = 0 } },
    };
    SfmExpr ahead = sound, beyond = sound, unknown = sound, empty = sound, long_one = sound;
    ahead.node[1].a = 1;
    beyond.node[0].a = 1;
    unknown.node[1].kind = SFM_EXPR_NUM_KINDS;
    empty.num_nodes = 0;
    long_one.num_nodes = SFM_EXPR_MAX_NODES + 1;

    g_assert_true(sfm_expr_valid(&sound));
    g_assert_false(sfm_expr_valid(&ahead));
    g_assert_false(sfm_expr_valid(&beyond));
    g_assert_false(sfm_expr_valid(&unknown));
    g_assert_false(sfm_expr_valid(&empty));
    g_assert_false(sfm_expr_valid(&long_one));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

#define TEST(name) g_test_add_func("/plan/expr/" #name, name)
    TEST(computes_each_kind_of_node);
    TEST(broadcasts_what_there_is_one_of_per_image);
    TEST(refuses_what_points_ahead_or_beyond_its_slots);
    return g_test_run();
}
