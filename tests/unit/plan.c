// SPDX-License-Identifier: GPL-3.0-or-later
//
// Plans of made-up networks for a made-up target, which has one op in the C4
// layout and one in the plain layout. No device is needed: a plan is data.

#include "plan/plan.h"

#include "ops/add.h"

static bool only_pixel_maps(const SfmCall *call)
{
    return call->in[0].dim[2] * call->in[0].dim[3] > 1;
}

static size_t sixty_bytes(const SfmCall *call)
{
    return 60;
}

#define C4 SFM_LAYOUT_C4
static const SfmKernel fast_add = {
    .name = "fast_add", .op = "add", .in = { C4, C4 }, .out = { C4 }, .applies = only_pixel_maps
};
static const SfmKernel slow_add = { .name = "slow_add", .op = "add" };
static const SfmKernel slow_affine = { .name = "slow_affine",
                                       .op = "affine",
                                       .scratch = sixty_bytes };
static const SfmKernel fast_concat = {
    .name = "c4_concat", .op = "concat", .in = { C4, C4 }, .out = { C4 }
};
static const SfmKernel pack = { .name = "pack", .op = "copy", .out = { C4 } };
static const SfmKernel unpack = { .name = "unpack", .op = "copy", .in = { C4 } };

static const SfmKernel *const kernels[] = { &fast_add,    &slow_add, &slow_affine,
                                            &fast_concat, &pack,     &unpack };

static SfmTarget target = {
    .name = "made-up",
    .kernels = kernels,
    .num_kernels = G_N_ELEMENTS(kernels),
    .alignment = 64,
    .max_block = 1 << 20,
    .gbytes_per_second = 1,
};

static SfmValue add(SfmGraph *graph, SfmValue a, SfmValue b)
{
    const SfmAdd attrs = { .scale = 1 };
    return sfm_graph_call(graph, sfm_op_find("add"), &attrs, 2, (const SfmValue[]){ a, b });
}

static SfmValue concat(SfmGraph *graph, SfmValue a, SfmValue b)
{
    return sfm_graph_call(graph, sfm_op_find("concat"), NULL, 2, (const SfmValue[]){ a, b });
}

static SfmPlan *plan_of(SfmGraph *graph)
{
    GError *error = NULL;
    g_assert_true(sfm_graph_check(graph, &error));
    SfmPlan *plan = sfm_plan_new(graph, &target, &error);
    g_assert_no_error(error);
    return plan;
}

static int count_kernel(const SfmPlan *plan, const char *name)
{
    int count = 0;
    for (uint32_t i = 0; i < sfm_plan_num_steps(plan); i++)
        count += g_str_equal(sfm_plan_step(plan, i)->kernel->name, name);
    return count;
}

// A map of 4 channels, 4 x 4: 256 bytes in either layout.
static const SfmShape map = { { 1, 4, 4, 4 } };
static const SfmShape vector = { { 1, 4, 1, 1 } };

static void takes_the_first_kernel_that_applies(void)
{
    g_autoptr(SfmGraph) graph = sfm_graph_new();
    const SfmValue x = sfm_graph_input(graph, "x", map), v = sfm_graph_input(graph, "v", vector);
    sfm_graph_output(graph, add(graph, x, x));
    sfm_graph_output(graph, add(graph, v, v));
    g_autoptr(SfmPlan) plan = plan_of(graph);

    g_assert_cmpint(count_kernel(plan, "fast_add"), ==, 1);
    g_assert_cmpint(count_kernel(plan, "slow_add"), ==, 1);
}

static void changes_a_layout_once_for_all_who_read_it(void)
{
    g_autoptr(SfmGraph) graph = sfm_graph_new();
    const SfmValue x = sfm_graph_input(graph, "x", map);
    const SfmValue y = add(graph, x, x);
    sfm_graph_output(graph, add(graph, y, x));
    g_autoptr(SfmPlan) plan = plan_of(graph);

    g_assert_cmpint(count_kernel(plan, "pack"), ==, 1);
    g_assert_cmpint(count_kernel(plan, "unpack"), ==, 1); // outputs are plain
    g_assert_cmpuint(sfm_plan_num_steps(plan), ==, 4);
    g_assert_cmpint(sfm_plan_tensor(plan, sfm_plan_output(plan, 0))->layout, ==, SFM_LAYOUT_PLAIN);
}

static void drops_what_leads_to_no_output(void)
{
    g_autoptr(SfmGraph) graph = sfm_graph_new();
    const SfmValue v = sfm_graph_input(graph, "v", vector);
    const SfmValue used = add(graph, v, v);
    add(graph, used, v);
    sfm_graph_output(graph, used);
    g_autoptr(SfmPlan) plan = plan_of(graph);

    g_assert_cmpuint(sfm_plan_num_steps(plan), ==, 1);
}

static void a_chain_needs_two_places_however_long_it_is(void)
{
    g_autoptr(SfmGraph) graph = sfm_graph_new();
    SfmValue v = sfm_graph_input(graph, "v", SFM_SHAPE(1, 256, 1, 1)); // 1024 bytes
    for (int i = 0; i < 20; i++)
        v = add(graph, v, v);
    sfm_graph_output(graph, v);
    g_autoptr(SfmPlan) plan = plan_of(graph);

    g_assert_cmpuint(sfm_plan_arena_size(plan), ==, 2 * 1024);
}

static void weights_have_no_place_in_the_arena(void)
{
    g_autoptr(SfmGraph) graph = sfm_graph_new();
    const SfmValue v = sfm_graph_input(graph, "v", vector);
    const SfmValue w = sfm_graph_weight(graph, "w", vector);
    sfm_graph_output(graph, add(graph, v, w));
    g_autoptr(SfmPlan) plan = plan_of(graph);
    const SfmPlanStep *step = sfm_plan_step(plan, 0);

    g_assert_cmpint(sfm_plan_tensor(plan, step->in[0])->block, ==, 0);
    g_assert_cmpint(sfm_plan_tensor(plan, step->in[1])->block, ==, -1);
    g_assert_cmpuint(sfm_plan_arena_size(plan), ==, 64 + 16); // v, aligned, and the sum
}

static const SfmPlanTensor *made_by(const SfmPlan *plan, SfmValue value)
{
    for (uint32_t i = 0; i < sfm_plan_num_tensors(plan); i++) {
        const SfmPlanTensor *t = sfm_plan_tensor(plan, i);
        if (t->value == value && t->layout == SFM_LAYOUT_C4)
            return t;
    }
    g_assert_not_reached();
}

// Concatenates maps of `a` and of 4 channels in a batch of `n`; returns how many
// concatenations are left in the plan.
static int joined(uint32_t n, uint32_t a, SfmGraph *graph, SfmPlan **plan, SfmValue value[3])
{
    const SfmValue x = sfm_graph_input(graph, "x", SFM_SHAPE(n, a, 4, 4));
    const SfmValue z = sfm_graph_input(graph, "z", SFM_SHAPE(n, 4, 4, 4));
    value[0] = add(graph, x, x);
    value[1] = add(graph, z, z);
    value[2] = concat(graph, value[0], value[1]);
    sfm_graph_output(graph, add(graph, value[2], value[2]));
    *plan = plan_of(graph);
    return count_kernel(*plan, "c4_concat");
}

static void makes_the_parts_of_a_concatenation_in_place(void)
{
    g_autoptr(SfmGraph) graph = sfm_graph_new();
    g_autoptr(SfmPlan) plan = NULL;
    SfmValue value[3];

    g_assert_cmpint(joined(1, 8, graph, &plan, value), ==, 0);
    const SfmPlanTensor *a = made_by(plan, value[0]), *b = made_by(plan, value[1]);
    const SfmPlanTensor *y = made_by(plan, value[2]);
    g_assert_cmpuint(a->offset, ==, y->offset);
    g_assert_cmpuint(b->offset, ==, y->offset + 8 * 16 * sizeof(float));
    g_assert_cmpuint(b->offset + b->size, ==, y->offset + y->size);
    g_assert_cmpint(a->block, ==, y->block);
}

static void copies_where_the_parts_do_not_lie_side_by_side(void)
{
    g_autoptr(SfmGraph) batch = sfm_graph_new(), padded = sfm_graph_new();
    g_autoptr(SfmPlan) plan = NULL, other = NULL;
    SfmValue value[3];

    g_assert_cmpint(joined(2, 8, batch, &plan, value), ==, 1);   // images take turns
    g_assert_cmpint(joined(1, 7, padded, &other, value), ==, 1); // a pad channel between
}

static void copies_where_the_second_part_could_not_be_bound(void)
{
    g_autoptr(SfmGraph) graph = sfm_graph_new();
    const SfmValue x = sfm_graph_input(graph, "x", SFM_SHAPE(1, 4, 1, 3)); // 48 bytes, not 64
    const SfmValue a = add(graph, x, x), b = add(graph, a, x);
    const SfmValue y = concat(graph, a, b);
    sfm_graph_output(graph, add(graph, y, y));
    g_autoptr(SfmPlan) plan = plan_of(graph);

    g_assert_cmpint(count_kernel(plan, "c4_concat"), ==, 1);
}

static bool overlap(const SfmPlanTensor *a, const SfmPlanTensor *b)
{
    return a->block == b->block && a->first <= b->last && b->first <= a->last &&
           a->offset < b->offset + b->size && b->offset < a->offset + a->size;
}

// A concatenation that no step makes: it is none but its parts.
static bool is_joined(const SfmPlan *plan, uint32_t tensor)
{
    const SfmValue value = sfm_plan_tensor(plan, tensor)->value;
    for (uint32_t i = 0; i < sfm_plan_num_steps(plan); i++) {
        if (sfm_plan_step(plan, i)->out[0] == tensor)
            return false;
    }
    return sfm_graph_value(sfm_plan_graph(plan), value)->kind == SFM_VALUE_RESULT;
}

// Whether a tensor is made where a concatenation without a step lies, or where one
// lies that is.
static bool is_part(const SfmPlan *plan, uint32_t tensor, uint32_t whole)
{
    const SfmGraph *graph = sfm_plan_graph(plan);
    const SfmPlanTensor *part = sfm_plan_tensor(plan, tensor), *y = sfm_plan_tensor(plan, whole);

    for (uint32_t n = 0; is_joined(plan, whole) && n < sfm_graph_num_nodes(graph); n++) {
        const SfmNode *node = sfm_graph_node(graph, n);
        if (node->out[0] != y->value)
            continue;
        for (uint32_t i = 0; i < sfm_plan_num_tensors(plan); i++) {
            const SfmPlanTensor *t = sfm_plan_tensor(plan, i);
            if (t->layout == part->layout && (t->value == node->in[0] || t->value == node->in[1]) &&
                (i == tensor || is_part(plan, tensor, i)))
                return true;
        }
    }
    return false;
}

// The tensor as it is in memory: a part stays until the whole is read.
static SfmPlanTensor in_memory(const SfmPlan *plan, uint32_t tensor)
{
    SfmPlanTensor t = *sfm_plan_tensor(plan, tensor);
    for (uint32_t i = 0; i < sfm_plan_num_tensors(plan); i++) {
        const SfmPlanTensor *whole = sfm_plan_tensor(plan, i);
        if (whole->layout == t.layout && is_part(plan, tensor, i))
            t.last = MAX(t.last, whole->last);
    }
    return t;
}

static SfmGraph *random_graph(GRand *rand)
{
    SfmGraph *graph = sfm_graph_new();
    SfmValue values[24];
    int num = 0;

    for (; num < 3; num++) {
        g_autofree char *name = g_strdup_printf("x%d", num);
        values[num] = sfm_graph_input(graph, name, SFM_SHAPE(1, 4u << num, 4, 4));
    }
    while (num < 24) {
        const SfmValue a = values[g_rand_int_range(rand, 0, num)];
        const SfmValue b = values[g_rand_int_range(rand, 0, num)];
        const bool same = sfm_shape_equal(sfm_graph_shape(graph, a), sfm_graph_shape(graph, b));
        if (sfm_graph_shape(graph, a).dim[1] > 256)
            continue;
        values[num++] = same && g_rand_boolean(rand) ? add(graph, a, b) : concat(graph, a, b);
    }
    sfm_graph_output(graph, values[num - 1]);
    sfm_graph_output(graph, values[num - 2]);
    return graph;
}

static void what_lives_at_the_same_time_does_not_overlap(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(1);
    for (int round = 0; round < 200; round++) {
        g_autoptr(SfmGraph) graph = random_graph(rand);
        g_autoptr(SfmPlan) plan = plan_of(graph);

        for (uint32_t i = 0; i < sfm_plan_num_tensors(plan); i++) {
            const SfmPlanTensor a = in_memory(plan, i);
            g_assert_cmpuint(a.offset % target.alignment, ==, 0);
            for (uint32_t k = 0; k < i && !is_joined(plan, i); k++) {
                const SfmPlanTensor b = in_memory(plan, k);
                if (is_joined(plan, k) || a.first > a.last || b.first > b.last)
                    continue;
                g_assert_false(overlap(&a, &b));
            }
        }
    }
}

// While the first part alone is there, the place of the second is free.
static void what_is_to_be_concatenated_leaves_the_rest_free(void)
{
    g_autoptr(SfmGraph) graph = sfm_graph_new();
    const SfmValue x = sfm_graph_input(graph, "x", SFM_SHAPE(1, 64, 4, 4)); // 4096 bytes, as all
    const SfmValue a = add(graph, x, x);
    SfmValue b = add(graph, a, x);
    for (int i = 0; i < 4; i++)
        b = add(graph, b, b);
    const SfmValue both = concat(graph, a, b);
    sfm_graph_output(graph, add(graph, both, both));
    g_autoptr(SfmPlan) plan = plan_of(graph);

    // The end: both parts, their sum in C4, and then that in the plain layout.
    g_assert_cmpuint(sfm_plan_arena_floor(plan), ==, 4 * 4096);
    g_assert_cmpuint(sfm_plan_arena_size(plan), ==, 4 * 4096);
}

static void scratch_lies_beside_what_its_step_reads_and_makes(void)
{
    g_autoptr(SfmGraph) graph = sfm_graph_new();
    const float attrs[2] = { 1, 0 };
    const SfmValue v = sfm_graph_input(graph, "v", vector);
    sfm_graph_output(graph, sfm_graph_call(graph, sfm_op_find("affine"), attrs, 1, &v));
    g_autoptr(SfmPlan) plan = plan_of(graph);
    const SfmPlanStep *step = sfm_plan_step(plan, 0);

    g_assert_cmpint(step->scratch_block, ==, 0);
    g_assert_cmpuint(step->scratch_size, ==, 60);
    for (int i = 0; i < 2; i++) {
        const SfmPlanTensor *t = sfm_plan_tensor(plan, i ? step->out[0] : step->in[0]);
        g_assert_true(t->offset >= step->scratch_offset + 60 ||
                      t->offset + t->size <= step->scratch_offset);
    }
}

// ---- a kernel that reads an input before it writes --------------------------

static uint32_t first_input(const SfmCall *call)
{
    return 1 << 0;
}

// For a target whose sums read their first operand before they write.
static SfmPlan *plan_reading_first(SfmGraph *graph)
{
    static const SfmKernel early = { .name = "early", .op = "add", .reads_first = first_input };
    static const SfmKernel *const both[] = { &early, &slow_affine };
    static SfmTarget reading;

    reading = target;
    reading.kernels = both;
    reading.num_kernels = G_N_ELEMENTS(both);
    g_assert_true(sfm_graph_check(graph, NULL));
    return sfm_plan_new(graph, &reading, NULL);
}

static const SfmShape kilobyte = { { 1, 256, 1, 1 } };

static void a_result_may_lie_across_what_was_read_before(void)
{
    g_autoptr(SfmGraph) graph = sfm_graph_new();
    const SfmValue w = sfm_graph_weight(graph, "w", kilobyte);
    SfmValue x = sfm_graph_input(graph, "x", kilobyte);
    for (int i = 0; i < 5; i++)
        x = add(graph, x, w);
    sfm_graph_output(graph, x);
    g_autoptr(SfmPlan) plan = plan_reading_first(graph);

    g_assert_cmpuint(sfm_plan_arena_size(plan), ==, 1024);
    g_assert_cmpuint(sfm_plan_arena_floor(plan), ==, 1024);
}

// w + x has x as the input that is read while the sum is written; x + x has it as
// either.
static void what_is_read_until_the_end_is_not_lain_across(void)
{
    g_autoptr(SfmGraph) second = sfm_graph_new(), both = sfm_graph_new();
    const SfmValue w = sfm_graph_weight(second, "w", kilobyte);
    sfm_graph_output(second, add(second, w, sfm_graph_input(second, "x", kilobyte)));
    const SfmValue x = sfm_graph_input(both, "x", kilobyte);
    sfm_graph_output(both, add(both, x, x));
    g_autoptr(SfmPlan) plan = plan_reading_first(second), other = plan_reading_first(both);

    g_assert_cmpuint(sfm_plan_arena_size(plan), ==, 2 * 1024);
    g_assert_cmpuint(sfm_plan_arena_size(other), ==, 2 * 1024);
}

static void what_is_read_later_is_not_lain_across(void)
{
    g_autoptr(SfmGraph) graph = sfm_graph_new();
    const SfmValue w = sfm_graph_weight(graph, "w", kilobyte);
    const SfmValue x = sfm_graph_input(graph, "x", kilobyte), y = add(graph, x, w);
    sfm_graph_output(graph, add(graph, y, x));
    g_autoptr(SfmPlan) plan = plan_reading_first(graph);

    // x beside y; the end lies across y.
    g_assert_cmpuint(sfm_plan_arena_size(plan), ==, 2 * 1024);
    g_assert_cmpuint(sfm_plan_tensor(plan, sfm_plan_output(plan, 0))->offset, ==,
                     sfm_plan_tensor(plan, sfm_plan_step(plan, 1)->in[0])->offset);
}

static void splits_the_arena_into_blocks_that_can_be_addressed(void)
{
    g_autoptr(SfmGraph) graph = sfm_graph_new();
    const SfmValue v = sfm_graph_input(graph, "v", SFM_SHAPE(1, 100, 1, 1)); // 400 bytes
    sfm_graph_output(graph, add(graph, v, v));
    g_assert_true(sfm_graph_check(graph, NULL));

    SfmTarget narrow = target;
    narrow.max_block = 500;
    g_autoptr(SfmPlan) plan = sfm_plan_new(graph, &narrow, NULL);
    g_assert_nonnull(plan);
    g_assert_cmpint(sfm_plan_num_blocks(plan), ==, 2);
    g_assert_cmpuint(sfm_plan_block_size(plan, 0), ==, 400);

    g_autoptr(GError) error = NULL;
    narrow.max_block = 399;
    g_assert_null(sfm_plan_new(graph, &narrow, &error));
    g_assert_error(error, SFM_ERROR, SFM_ERROR_NO_MEMORY);
    g_assert_cmpstr(error->message, ==,
                    "a tensor of 400 bytes is larger than the 399 that made-up can address");
}

static void refuses_an_op_that_the_target_cannot_run(void)
{
    g_autoptr(SfmGraph) graph = sfm_graph_new();
    g_autoptr(GError) error = NULL;
    const SfmValue v = sfm_graph_input(graph, "v", vector);
    sfm_graph_output(graph, add(graph, v, v));
    SfmTarget empty = target;
    empty.num_kernels = 0;

    g_assert_null(sfm_plan_new(graph, &empty, &error));
    g_assert_cmpstr(error->message, ==, "made-up: no kernel runs add");
}

static void estimates_by_memory_or_arithmetic_whichever_takes_longer(void)
{
    g_autoptr(SfmGraph) graph = sfm_graph_new();
    const SfmValue v = sfm_graph_input(graph, "v", SFM_SHAPE(1, 1000, 1, 1));
    sfm_graph_output(graph, add(graph, v, v));
    g_autoptr(SfmPlan) plan = plan_of(graph);

    g_assert_cmpfloat_with_epsilon(sfm_plan_estimate(plan), 12000 / 1e9 * 1e3, 1e-9);
    SfmKernel slow = slow_add;
    slow.gflops = 1e-3; // 1000 FLOP take a millisecond
    g_assert_cmpfloat_with_epsilon(
        sfm_target_estimate(&target, &slow, &sfm_plan_step(plan, 0)->call), 1, 1e-9);
}

static SfmValue affine(SfmGraph *graph, SfmValue x)
{
    const float attrs[2] = { 1, 0 };
    return sfm_graph_call(graph, sfm_op_find("affine"), attrs, 1, &x);
}

static void a_chain_has_two_tensors_at_once_and_scratch_is_not_counted(void)
{
    g_autoptr(SfmGraph) graph = sfm_graph_new();
    const SfmValue x = sfm_graph_input(graph, "x", SFM_SHAPE(1, 256, 1, 1)); // 1024 bytes
    sfm_graph_output(graph, affine(graph, affine(graph, affine(graph, x))));
    g_autoptr(SfmPlan) plan = plan_of(graph);

    g_assert_cmpuint(sfm_plan_arena_floor(plan), ==, 2 * 1024);
    g_assert_cmpuint(sfm_plan_arena_size(plan), >=, 2 * 1024 + 60);
}

// What is kept for the last sum lives beside the pair at work.
static void what_is_kept_counts_until_its_last_use(void)
{
    g_autoptr(SfmGraph) graph = sfm_graph_new();
    const SfmValue x = sfm_graph_input(graph, "x", vector); // 16 bytes each
    const SfmValue w = sfm_graph_weight(graph, "w", vector);
    const SfmValue kept = add(graph, x, w);
    const SfmValue far = affine(graph, affine(graph, kept));
    sfm_graph_output(graph, add(graph, far, kept));
    g_autoptr(SfmPlan) plan = plan_of(graph);

    g_assert_cmpuint(sfm_plan_arena_floor(plan), ==, 3 * 16);
}

// While c, d and e of 1024 bytes each are at work, a of 256 waits for b, which y will
// hold beside it; that half of y is free so long.
static void a_part_that_is_not_made_yet_takes_nothing(void)
{
    g_autoptr(SfmGraph) graph = sfm_graph_new();
    const SfmValue w = sfm_graph_weight(graph, "w", map);
    const SfmValue wide = sfm_graph_weight(graph, "wide", SFM_SHAPE(1, 16, 4, 4));
    const SfmValue a = add(graph, w, w);
    const SfmValue c = add(graph, wide, wide);
    const SfmValue d = add(graph, c, wide);
    const SfmValue e = add(graph, c, d);
    const SfmValue y = concat(graph, a, add(graph, w, w));
    sfm_graph_output(graph, add(graph, y, y));
    sfm_graph_output(graph, e);
    g_autoptr(SfmPlan) plan = plan_of(graph);

    g_assert_cmpint(count_kernel(plan, "c4_concat"), ==, 0);
    g_assert_cmpuint(sfm_plan_arena_floor(plan), ==, 256 + 3 * 1024);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

#define TEST(name) g_test_add_func("/plan/" #name, name)
    TEST(takes_the_first_kernel_that_applies);
    TEST(changes_a_layout_once_for_all_who_read_it);
    TEST(drops_what_leads_to_no_output);
    TEST(a_chain_needs_two_places_however_long_it_is);
    TEST(weights_have_no_place_in_the_arena);
    TEST(makes_the_parts_of_a_concatenation_in_place);
    TEST(copies_where_the_parts_do_not_lie_side_by_side);
    TEST(copies_where_the_second_part_could_not_be_bound);
    TEST(what_lives_at_the_same_time_does_not_overlap);
    TEST(what_is_to_be_concatenated_leaves_the_rest_free);
    TEST(scratch_lies_beside_what_its_step_reads_and_makes);
    TEST(a_result_may_lie_across_what_was_read_before);
    TEST(what_is_read_until_the_end_is_not_lain_across);
    TEST(what_is_read_later_is_not_lain_across);
    TEST(splits_the_arena_into_blocks_that_can_be_addressed);
    TEST(refuses_an_op_that_the_target_cannot_run);
    TEST(estimates_by_memory_or_arithmetic_whichever_takes_longer);
    TEST(a_chain_has_two_tensors_at_once_and_scratch_is_not_counted);
    TEST(what_is_kept_counts_until_its_last_use);
    TEST(a_part_that_is_not_made_yet_takes_nothing);
    return g_test_run();
}
