// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/graph.h"

// y = a + b, of two shapes that are alike.
static bool infer_sum(SfmCall *call, GError **error)
{
    if (!sfm_shape_equal(call->in[0], call->in[1]))
        return sfm_fail(error, SFM_ERROR_BAD_SHAPE, "sum: shapes differ");
    call->out[0] = call->in[0];
    return true;
}

static const SfmOp sum = {
    .name = "sum",
    .min_inputs = 2,
    .max_inputs = 2,
    .num_outputs = 1,
    .infer = infer_sum,
};

static const SfmShape small = { { 1, 2, 3, 4 } }, large = { { 1, 2, 3, 5 } };

static SfmValue add(SfmGraph *graph, SfmValue a, SfmValue b)
{
    return sfm_graph_call(graph, &sum, NULL, 2, (const SfmValue[]){ a, b });
}

static void a_call_knows_the_shapes_of_what_it_reads_and_makes(void)
{
    g_autoptr(SfmGraph) graph = sfm_graph_new();
    const SfmValue x = sfm_graph_input(graph, "x", small);
    const SfmValue w = sfm_graph_weight(graph, "w", small);
    const SfmValue y = add(graph, x, w);

    g_assert_true(sfm_graph_check(graph, NULL));
    g_assert_cmpuint(sfm_graph_num_nodes(graph), ==, 1);
    const SfmNode *node = sfm_graph_node(graph, 0);
    g_assert_cmpuint(node->in[0], ==, x);
    g_assert_cmpuint(node->in[1], ==, w);
    g_assert_cmpuint(node->out[0], ==, y);
    g_assert_true(sfm_shape_equal(sfm_graph_shape(graph, y), small));
    g_assert_cmpint(sfm_graph_value(graph, w)->kind, ==, SFM_VALUE_WEIGHT);
    g_assert_cmpint(sfm_graph_value(graph, y)->kind, ==, SFM_VALUE_RESULT);
}

static void a_name_stands_for_one_value(void)
{
    g_autoptr(SfmGraph) graph = sfm_graph_new();
    g_autoptr(GError) error = NULL;
    const SfmValue w = sfm_graph_weight(graph, "w", small);

    g_assert_cmpuint(sfm_graph_weight(graph, "w", small), ==, w);
    g_assert_cmpuint(sfm_graph_find(graph, "w"), ==, w);
    g_assert_cmpuint(sfm_graph_find(graph, "v"), ==, 0);
    g_assert_cmpuint(sfm_graph_weight(graph, "w", large), ==, 0);
    g_assert_false(sfm_graph_check(graph, &error));
    g_assert_cmpstr(error->message, ==, "'w' is used with two shapes or as two things");
}

static void a_tensor_holds_a_value_and_no_more_than_32_bits_count(void)
{
    const struct {
        SfmShape shape;
        const char *why; // NULL: it is accepted
    } cases[] = {
        { { { 1, 3, 0, 4 } }, "sum: a tensor [1, 3, 0, 4] does not hold 1 to 4294967295 values" },
        { { { 1, 1, 65536, 65536 } },
          "sum: a tensor [1, 1, 65536, 65536] does not hold 1 to 4294967295 values" },
        { { { 65536, 65536, 65536, 65536 } },
          "sum: a tensor [65536, 65536, 65536, 65536] does not hold 1 to 4294967295 values" },
        { { { 1, 1, 65535, 65537 } }, NULL }, // 2^32 - 1
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(SfmGraph) graph = sfm_graph_new();
        g_autoptr(GError) error = NULL;
        const SfmValue x = sfm_graph_input(graph, "x", cases[i].shape);

        add(graph, x, x);
        g_assert_true(sfm_graph_check(graph, &error) == !cases[i].why);
        g_assert_cmpstr(error ? error->message : NULL, ==, cases[i].why);
    }
}

static void the_first_failure_sticks_and_says_where(void)
{
    g_autoptr(SfmGraph) graph = sfm_graph_new();
    g_autoptr(GError) error = NULL;
    const SfmValue x = sfm_graph_input(graph, "x", small);
    const SfmValue z = sfm_graph_input(graph, "z", large);

    const SfmValue broken = add(graph, x, z);
    sfm_graph_where(graph, "block.0");
    g_assert_cmpuint(broken, ==, 0);
    g_assert_cmpuint(add(graph, x, x), ==, 0); // though it would be sound
    g_assert_cmpuint(add(graph, broken, x), ==, 0);
    sfm_graph_where(graph, "block.1");
    sfm_graph_output(graph, broken);

    g_assert_false(sfm_graph_check(graph, &error));
    g_assert_error(error, SFM_ERROR, SFM_ERROR_BAD_SHAPE);
    g_assert_cmpstr(error->message, ==, "block.0: sum: shapes differ");
    g_assert_cmpuint(sfm_graph_num_nodes(graph), ==, 0);
    g_assert_cmpuint(sfm_graph_num_outputs(graph), ==, 0);
}

static void refuses_too_few_inputs_and_values_that_are_not_there(void)
{
    g_autoptr(SfmGraph) few = sfm_graph_new(), strange = sfm_graph_new();
    g_autoptr(GError) error = NULL, other = NULL;
    const SfmValue x = sfm_graph_input(few, "x", small);

    g_assert_cmpuint(sfm_graph_call(few, &sum, NULL, 1, &x), ==, 0);
    g_assert_false(sfm_graph_check(few, &error));
    g_assert_cmpstr(error->message, ==, "sum: 1 inputs, takes 2 to 2");

    g_assert_cmpuint(add(strange, 1, 7), ==, 0);
    g_assert_false(sfm_graph_check(strange, &other));
    g_assert_cmpstr(other->message, ==, "sum: input 0 is missing");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

#define TEST(name) g_test_add_func("/graph/" #name, name)
    TEST(a_call_knows_the_shapes_of_what_it_reads_and_makes);
    TEST(a_name_stands_for_one_value);
    TEST(a_tensor_holds_a_value_and_no_more_than_32_bits_count);
    TEST(the_first_failure_sticks_and_says_where);
    TEST(refuses_too_few_inputs_and_values_that_are_not_there);
    return g_test_run();
}
