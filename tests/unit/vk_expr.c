// SPDX-License-Identifier: GPL-3.0-or-later
//
// Expressions as shaders: the validator accepts what the assembler writes, and
// the device computes what the CPU does.

#include <glib/gstdio.h>
#include <math.h>

#include "cpu/runner.h"
#include "support/vulkan.h"
#include "vk/expr_spirv.h"

#define IMAGES 2
#define COUNT  (IMAGES * 3 * 5 * 7)

static SfmRunner *vulkan, *cpu;
static SfmShape shape = { { IMAGES, 3, 5, 7 } };

// Tensors 0 and 1 have the result's shape, 2 one value an image.
static float data[3][COUNT];
static const float scalars[] = { 0.75f, -2.0f, 3.0f };

static SfmExpr leaves(void)
{
    return (SfmExpr){
        .num_nodes = 6,
        .num_tensors = 3,
        .num_scalars = 3,
        .node = { { .kind = SFM_EXPR_TENSOR, .a = 0 },
                  { .kind = SFM_EXPR_TENSOR, .a = 1 },
                  { .kind = SFM_EXPR_PER_IMAGE, .a = 2 },
                  { .kind = SFM_EXPR_SCALAR, .a = 0 },
                  { .kind = SFM_EXPR_SCALAR, .a = 1 },
                  { .kind = SFM_EXPR_SCALAR, .a = 2 } },
    };
}

static void add_node(SfmExpr *expr, SfmExprKind kind, int a, int b, int c)
{
    expr->node[expr->num_nodes++] = (SfmExprNode){
        .kind = (uint8_t)kind,
        .a = (uint8_t)a,
        .b = (uint8_t)b,
        .c = (uint8_t)c,
    };
}

static void eval_on(SfmRunner *runner, const SfmExpr *expr, float *out)
{
    const SfmShape per_image = SFM_SHAPE(IMAGES, 1, 1, 1);
    g_autoptr(GError) error = NULL;
    SfmBuffer *in[3], *y = sfm_buffer_new(runner, shape, NULL);

    g_assert_true(sfm_expr_valid(expr));
    for (int i = 0; i < 3; i++) {
        in[i] = sfm_buffer_new(runner, i == 2 ? per_image : shape, NULL);
        g_assert_true(sfm_buffer_write(runner, in[i], data[i], NULL));
    }
    sfm_runner_eval(runner, expr, scalars, in, y, &error);
    g_assert_no_error(error);
    g_assert_true(sfm_buffer_read(runner, y, out, NULL));

    sfm_buffer_free(runner, y);
    for (int i = 0; i < 3; i++)
        sfm_buffer_free(runner, in[i]);
}

static void assert_agrees(const SfmExpr *expr, float relative)
{
    float want[COUNT], got[COUNT];
    eval_on(cpu, expr, want);
    eval_on(vulkan, expr, got);
    for (int i = 0; i < COUNT; i++) {
        if (isfinite(want[i]))
            g_assert_cmpfloat(fabsf(got[i] - want[i]), <=, relative * fabsf(want[i]));
    }
}

static void assert_validates(const SfmExpr *expr)
{
    g_autoptr(GArray) words = sfm_expr_spirv(expr);
    g_autofree char *path = NULL;
    g_autofree char *said = NULL;
    g_autoptr(GError) error = NULL;
    int status;

    const int file = g_file_open_tmp("sfumato-XXXXXX.spv", &path, NULL);
    g_assert_cmpint(file, >=, 0);
    g_close(file, NULL);
    g_assert_true(
        g_file_set_contents(path, words->data, (gssize)(words->len * sizeof(uint32_t)), NULL));

    char *argv[] = { (char *)SPIRV_VAL, (char *)"--target-env", (char *)"vulkan1.1", path, NULL };
    g_spawn_sync(NULL, argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, &said, &status, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(said, ==, "");
    g_assert_cmpint(status, ==, 0);
    g_unlink(path);
}

// The kinds whose rounding Vulkan fixes: results agree bit for bit.
static const SfmExprKind exact[] = {
    SFM_EXPR_ADD, SFM_EXPR_SUB, SFM_EXPR_MUL,  SFM_EXPR_MIN,    SFM_EXPR_MAX,
    SFM_EXPR_NEG, SFM_EXPR_ABS, SFM_EXPR_LESS, SFM_EXPR_SELECT,
};

static SfmExpr random_expr(GRand *rand, int num_nodes)
{
    SfmExpr expr = leaves();
    while (expr.num_nodes < num_nodes) {
        const SfmExprKind kind = exact[g_rand_int_range(rand, 0, G_N_ELEMENTS(exact))];
        const int n = expr.num_nodes;
        add_node(&expr, kind, g_rand_int_range(rand, n / 2, n), g_rand_int_range(rand, 0, n),
                 g_rand_int_range(rand, 0, n));
    }
    return expr;
}

static void agrees_on_random_expressions(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(1);
    for (int i = 0; i < 20; i++) {
        const SfmExpr expr = random_expr(rand, g_rand_int_range(rand, 7, SFM_EXPR_MAX_NODES + 1));
        assert_agrees(&expr, 0);
    }
}

static void writes_what_the_validator_accepts(void)
{
    if (!*SPIRV_VAL) {
        g_test_skip("spirv-val is not installed");
        return;
    }
    g_autoptr(GRand) rand = g_rand_new_with_seed(2);
    for (int i = 0; i < 5; i++) {
        SfmExpr expr = random_expr(rand, 40);
        for (SfmExprKind kind = SFM_EXPR_ADD; kind < SFM_EXPR_NUM_KINDS; kind++)
            add_node(&expr, kind, expr.num_nodes - 1, 3, 4);
        g_assert_true(sfm_expr_valid(&expr));
        assert_validates(&expr);
    }

    const SfmExpr smallest = {
        .num_nodes = 1,
        .num_scalars = 1,
        .node = { { .kind = SFM_EXPR_SCALAR } },
    };
    assert_validates(&smallest);
}

// Vulkan allows 2.5 units in the last place for a quotient, more for exp.
static void divides_takes_roots_and_exponentials(void)
{
    SfmExpr expr = leaves();
    add_node(&expr, SFM_EXPR_DIV, 0, 1, 0);
    assert_agrees(&expr, 1e-6f);

    expr = leaves();
    add_node(&expr, SFM_EXPR_ABS, 0, 0, 0);
    add_node(&expr, SFM_EXPR_SQRT, expr.num_nodes - 1, 0, 0);
    assert_agrees(&expr, 1e-6f);

    expr = leaves();
    add_node(&expr, SFM_EXPR_EXP, 0, 0, 0);
    assert_agrees(&expr, 1e-5f);
}

static void gives_each_image_its_own_value(void)
{
    SfmExpr expr = leaves();
    float got[COUNT];
    expr.num_nodes = 3; // ends with PER_IMAGE
    eval_on(vulkan, &expr, got);
    for (int i = 0; i < COUNT; i++)
        g_assert_cmpfloat(got[i], ==, data[2][i / (COUNT / IMAGES)]);
}

// y = y + y, in place, twice.
static void may_overwrite_what_it_reads(void)
{
    const SfmExpr twice = {
        .num_nodes = 2,
        .num_tensors = 1,
        .node = { { .kind = SFM_EXPR_TENSOR }, { .kind = SFM_EXPR_ADD, .a = 0, .b = 0 } },
    };
    SfmBuffer *y = sfm_buffer_new(vulkan, shape, NULL);
    float got[COUNT];

    g_assert_true(sfm_buffer_write(vulkan, y, data[0], NULL));
    g_assert_true(sfm_runner_eval(vulkan, &twice, NULL, &y, y, NULL));
    g_assert_true(sfm_runner_eval(vulkan, &twice, NULL, &y, y, NULL));
    g_assert_true(sfm_buffer_read(vulkan, y, got, NULL));
    for (int i = 0; i < COUNT; i++)
        g_assert_cmpfloat(got[i], ==, 4 * data[0][i]);
    sfm_buffer_free(vulkan, y);
}

static void takes_as_many_tensors_and_scalars_as_there_may_be(void)
{
    SfmExpr expr = { .num_tensors = SFM_EXPR_MAX_TENSORS, .num_scalars = SFM_EXPR_MAX_SCALARS };
    float factors[SFM_EXPR_MAX_SCALARS], got[COUNT];
    SfmBuffer *in[SFM_EXPR_MAX_TENSORS], *y = sfm_buffer_new(vulkan, shape, NULL);
    float sum = 0;

    add_node(&expr, SFM_EXPR_SCALAR, 0, 0, 0);
    for (int i = 1; i < SFM_EXPR_MAX_SCALARS; i++) {
        add_node(&expr, SFM_EXPR_SCALAR, i, 0, 0);
        add_node(&expr, SFM_EXPR_ADD, expr.num_nodes - 2, expr.num_nodes - 1, 0);
    }
    for (int i = 0; i < SFM_EXPR_MAX_TENSORS; i++) {
        in[i] = sfm_buffer_new(vulkan, shape, NULL);
        g_assert_true(sfm_buffer_write(vulkan, in[i], data[0], NULL));
        add_node(&expr, SFM_EXPR_TENSOR, i, 0, 0);
        add_node(&expr, SFM_EXPR_ADD, expr.num_nodes - 2, expr.num_nodes - 1, 0);
    }
    for (int i = 0; i < SFM_EXPR_MAX_SCALARS; i++)
        sum += factors[i] = (float)i;

    g_assert_true(sfm_runner_eval(vulkan, &expr, factors, in, y, NULL));
    g_assert_true(sfm_buffer_read(vulkan, y, got, NULL));
    for (int i = 0; i < COUNT; i++) // 276 + 8 x
        g_assert_cmpfloat_with_epsilon(got[i], sum + 8 * data[0][i], 1e-3);

    sfm_buffer_free(vulkan, y);
    for (int i = 0; i < SFM_EXPR_MAX_TENSORS; i++)
        sfm_buffer_free(vulkan, in[i]);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    vulkan = vulkan_runner();
    cpu = sfm_cpu_runner_new();
    for (int t = 0; t < 3; t++) {
        for (int i = 0; i < COUNT; i++)
            data[t][i] = (float)((i * 37 + t * 11) % 101 - 50) / 16.0f;
    }

#define TEST(name) g_test_add_func("/vk/expr/" #name, name)
    TEST(writes_what_the_validator_accepts);
    TEST(agrees_on_random_expressions);
    TEST(divides_takes_roots_and_exponentials);
    TEST(gives_each_image_its_own_value);
    TEST(may_overwrite_what_it_reads);
    TEST(takes_as_many_tensors_and_scalars_as_there_may_be);
    const int result = g_test_run();
    sfm_runner_free(vulkan);
    sfm_runner_free(cpu);
    return result;
}
