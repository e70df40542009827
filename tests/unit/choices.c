// SPDX-License-Identifier: GPL-3.0-or-later
//
// Choices of kernels as data, and plans of a made-up target that has three ways
// to add: two in one layout, and a third in another.

#include "plan/choices.h"

#include "ops/add.h"
#include "ops/conv2d.h"
#include "plan/plan.h"

// ---- keys -------------------------------------------------------------------

static SfmCall conv(uint32_t batch, uint32_t stride)
{
    static SfmConv2d attrs;
    attrs = (SfmConv2d){ .kernel = 3, .stride = stride, 1, 1, 1, 1 };
    SfmCall call = {
        .op = sfm_op_find("conv2d"),
        .attrs = &attrs,
        .num_inputs = 3,
        .in = { SFM_SHAPE(batch, 3, 32, 16), SFM_SHAPE(128, 3, 3, 3), SFM_SHAPE(1, 128, 1, 1) },
    };
    g_assert_true(sfm_call_infer(&call, NULL));
    return call;
}

static void a_key_says_the_op_and_what_it_reads_and_makes(void)
{
    const SfmCall one = conv(1, 1), halved = conv(1, 2);
    g_autofree char *key = sfm_call_key(&one), *other = sfm_call_key(&halved);

    g_assert_cmpstr(key, ==, "conv2d 3x32x16 3x3x3 128 > 128x32x16");
    g_assert_cmpstr(other, ==, "conv2d 3x32x16 3x3x3 128 > 128x16x8");
}

static void the_batch_is_not_in_a_key(void)
{
    const SfmCall one = conv(1, 1), many = conv(7, 1);
    g_autofree char *key = sfm_call_key(&one), *other = sfm_call_key(&many);

    g_assert_cmpstr(key, ==, other);
}

static void a_column_of_pixels_is_no_vector(void)
{
    const SfmCall call = {
        .op = sfm_op_find("add"),
        .num_inputs = 2,
        .in = { SFM_SHAPE(1, 4, 8, 1), SFM_SHAPE(1, 4, 8, 1) },
        .out = { SFM_SHAPE(1, 4, 8, 1) },
    };
    g_autofree char *key = sfm_call_key(&call);

    g_assert_cmpstr(key, ==, "add 4x8x1 4x8x1 > 4x8x1");
    g_assert_true(sfm_call_key_valid(key));
}

static void there_is_one_way_to_write_a_key(void)
{
    static const char *const wrong[] = {
        "",
        ">",
        "conv2d",
        "conv2d >",
        "conv2d > 128x32x32",
        "conv2d 3x32x32 3x3x3 128",
        "conv2d 3x32x32 3x3x3 128 >",
        "conv2d 3x32x32 3x3x3 128 128x32x32",
        "conv2d 3x32x32 3x3x3 128 > 128x32x32 128x32x32",
        "conv2d 3x32x32 3x3x3 128 > > 128x32x32",
        "conv2d 3x32x32 3x3x3 128 > 128x32",
        "conv2d 3x32x32 3x3x3 128 > 128x32x32x1",
        "conv2d 3x32x32 3x3x3 128 > 128x32x",
        "conv2d 3x32x32 3x3x3 128x1x1 > 128x32x32",
        "conv2d 3x32x32 3x3x3 0128 > 128x32x32",
        "conv2d 3x32x32 3x3x3 +128 > 128x32x32",
        "conv2d 3x32x32 3x3x3 0 > 128x32x32",
        "conv2d 3x32x32 3x3x3 -1 > 128x32x32",
        "conv2d 3x32x32 3x3x3 4294967296 > 128x32x32",
        "conv2d  3x32x32 3x3x3 128 > 128x32x32",
        " conv2d 3x32x32 3x3x3 128 > 128x32x32",
        "conv2d 3x32x32 3x3x3 128 > 128x32x32 ",
        "conv2d 3x32x32 3x3x3 128 > 128x32x32\n",
        "conv3d 3x32x32 3x3x3 128 > 128x32x32",
        "CONV2D 3x32x32 3x3x3 128 > 128x32x32",
        "conv2d 3x32x32 > 128x32x32",
        "conv2d 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 > 1",
    };
    g_assert_true(sfm_call_key_valid("conv2d 3x32x32 3x3x3 128 > 128x32x32"));
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        if (sfm_call_key_valid(wrong[i]))
            g_error("taken for a key: \"%s\"", wrong[i]);
    }
}

// ---- choices ----------------------------------------------------------------

#define KEY_A "add 4 4 > 4"
#define KEY_B "add 4x4x4 4x4x4 > 4x4x4"

static void choices_are_set_replaced_and_taken_away(void)
{
    g_autoptr(SfmChoices) choices = sfm_choices_new();

    sfm_choices_set(choices, KEY_A, "one");
    sfm_choices_set(choices, KEY_B, "two");
    sfm_choices_set(choices, KEY_A, "three");
    g_assert_cmpuint(sfm_choices_num(choices), ==, 2);
    g_assert_cmpstr(sfm_choices_find(choices, KEY_A), ==, "three");
    sfm_choices_set(choices, KEY_A, NULL);
    g_assert_null(sfm_choices_find(choices, KEY_A));
    g_assert_cmpuint(sfm_choices_num(choices), ==, 1);
}

static void nothing_is_an_empty_choice(void)
{
    g_autoptr(SfmChoices) empty = sfm_choices_new(), copy = sfm_choices_copy(NULL);
    g_auto(GStrv) lines = sfm_choices_lines(NULL);

    g_assert_true(sfm_choices_equal(empty, NULL) && sfm_choices_equal(NULL, copy));
    g_assert_cmpuint(sfm_choices_num(NULL), ==, 0);
    g_assert_null(sfm_choices_find(NULL, KEY_A));
    g_assert_null(lines[0]);
}

static void choices_differ_in_keys_or_kernels(void)
{
    g_autoptr(SfmChoices) a = sfm_choices_new(), b = sfm_choices_new();

    sfm_choices_set(a, KEY_A, "one");
    g_assert_false(sfm_choices_equal(a, b) || sfm_choices_equal(b, a));
    sfm_choices_set(b, KEY_B, "one");
    g_assert_false(sfm_choices_equal(a, b));
    sfm_choices_set(b, KEY_B, NULL);
    sfm_choices_set(b, KEY_A, "two");
    g_assert_false(sfm_choices_equal(a, b));
    sfm_choices_set(b, KEY_A, "one");
    g_assert_true(sfm_choices_equal(a, b));
}

static void lines_are_sorted_and_read_again(void)
{
    g_autoptr(SfmChoices) choices = sfm_choices_new();
    sfm_choices_set(choices, KEY_B, "two");
    sfm_choices_set(choices, KEY_A, "one");
    g_auto(GStrv) lines = sfm_choices_lines(choices);

    g_assert_cmpstr(lines[0], ==, KEY_A " = one");
    g_assert_cmpstr(lines[1], ==, KEY_B " = two");
    g_assert_null(lines[2]);
    g_autoptr(SfmChoices) again = sfm_choices_parse((const char *const *)lines, NULL);
    g_assert_true(sfm_choices_equal(choices, again));
}

static void refuses_lines_that_say_no_choice(void)
{
    static const char *const wrong[][3] = {
        { "" },
        { KEY_A },
        { KEY_A " = " },
        { KEY_A "=one" },
        { " = one" },
        { "mystery 4 > 4 = one" },
        { KEY_A " = one", KEY_A " = two" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(sfm_choices_parse(wrong[i], &error));
        g_assert_error(error, SFM_ERROR, SFM_ERROR_BAD_ARGUMENT);
    }
}

// ---- plans ------------------------------------------------------------------

static bool only_four_channels(const SfmCall *call)
{
    return call->in[0].dim[1] == 4;
}

static bool never(const SfmCall *call)
{
    return false;
}

#define C4 SFM_LAYOUT_C4
static const SfmKernel unworthy = {
    .name = "unworthy", .op = "add", .in = { C4, C4 }, .out = { C4 }, .pays = never
};
static const SfmKernel first = { .name = "first", .op = "add", .in = { C4, C4 }, .out = { C4 } };
static const SfmKernel second = {
    .name = "second", .op = "add", .in = { C4, C4 }, .out = { C4 }, .applies = only_four_channels
};
static const SfmKernel plain = { .name = "plain", .op = "add" };
static const SfmKernel affine = { .name = "affine", .op = "affine" };
static const SfmKernel pack = { .name = "pack", .op = "copy", .out = { C4 } };
static const SfmKernel unpack = { .name = "unpack", .op = "copy", .in = { C4 } };

static const SfmKernel *const kernels[] = { &unworthy, &first, &second, &plain,
                                            &affine,   &pack,  &unpack };

static const SfmTarget target = {
    .name = "made-up",
    .kernels = kernels,
    .num_kernels = G_N_ELEMENTS(kernels),
    .alignment = 64,
    .max_block = 1 << 20,
    .gbytes_per_second = 1,
};

// Two additions, of 4 channels and of 8.
typedef struct {
    SfmGraph *graph;
    SfmTarget target;
    SfmChoices *choices;
    SfmPlan *plan;
} Trial;

static void add_twice(SfmGraph *graph, SfmValue x)
{
    const SfmAdd attrs = { .scale = 1 };
    sfm_graph_output(
        graph, sfm_graph_call(graph, sfm_op_find("add"), &attrs, 2, (const SfmValue[]){ x, x }));
}

static void trial_init(Trial *t, const char *key, const char *kernel)
{
    GError *error = NULL;
    *t = (Trial){ sfm_graph_new(), target, sfm_choices_new(), NULL };
    add_twice(t->graph, sfm_graph_input(t->graph, "four", SFM_SHAPE(2, 4, 4, 4)));
    add_twice(t->graph, sfm_graph_input(t->graph, "eight", SFM_SHAPE(2, 8, 4, 4)));
    sfm_choices_set(t->choices, key, kernel);
    t->target.choices = t->choices;
    t->plan = sfm_plan_new(t->graph, &t->target, &error);
    g_assert_no_error(error);
}

static void trial_clear(Trial *t)
{
    sfm_plan_free(t->plan);
    sfm_choices_free(t->choices);
    sfm_graph_free(t->graph);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Trial, trial_clear)

// The kernel that adds maps of so many channels.
static const char *adder(const Trial *t, uint32_t channels)
{
    for (uint32_t i = 0; i < sfm_plan_num_steps(t->plan); i++) {
        const SfmPlanStep *step = sfm_plan_step(t->plan, i);
        if (step->call.op == sfm_op_find("add") && step->call.out[0].dim[1] == channels)
            return step->kernel->name;
    }
    return NULL;
}

#define FOUR  "add 4x4x4 4x4x4 > 4x4x4"
#define EIGHT "add 8x4x4 8x4x4 > 8x4x4"

static void a_choice_runs_the_calls_of_its_key(void)
{
    g_auto(Trial) t;
    trial_init(&t, FOUR, "second");
    g_autoptr(SfmChoices) made = sfm_plan_choices(t.plan);

    g_assert_cmpstr(adder(&t, 4), ==, "second");
    g_assert_cmpstr(adder(&t, 8), ==, "first");
    g_assert_true(sfm_choices_equal(made, t.choices));
}

// One that does not apply, one of another layout, one of another op, one that
// does not exist, the one that comes first in any case.
static void other_choices_count_for_nothing(void)
{
    static const char *const of_no_use[][2] = {
        { EIGHT, "second" }, { FOUR, "plain" }, { FOUR, "affine" },
        { FOUR, "absent" },  { FOUR, "first" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(of_no_use); i++) {
        g_auto(Trial) t;
        trial_init(&t, of_no_use[i][0], of_no_use[i][1]);
        g_autoptr(SfmChoices) made = sfm_plan_choices(t.plan);

        g_assert_cmpstr(adder(&t, 4), ==, "first");
        g_assert_cmpstr(adder(&t, 8), ==, "first");
        g_assert_cmpuint(sfm_choices_num(made), ==, 0);
    }
}

static void rivals_are_those_that_apply_in_the_layouts_of_the_first(void)
{
    g_auto(Trial) t;
    trial_init(&t, FOUR, "second");
    const SfmCall *four = NULL, *eight = NULL;

    for (uint32_t i = 0; i < sfm_plan_num_steps(t.plan); i++) {
        const SfmCall *call = &sfm_plan_step(t.plan, i)->call;
        if (call->op == sfm_op_find("add"))
            *(call->out[0].dim[1] == 4 ? &four : &eight) = call;
    }
    g_assert_true(sfm_target_rival(&target, four, 0) == &first);
    g_assert_true(sfm_target_rival(&target, four, 1) == &unworthy);
    g_assert_true(sfm_target_rival(&target, four, 2) == &second);
    g_assert_null(sfm_target_rival(&target, four, 3));
    g_assert_true(sfm_target_rival(&target, eight, 0) == &first);
    g_assert_true(sfm_target_rival(&target, eight, 1) == &unworthy);
    g_assert_null(sfm_target_rival(&target, eight, 2));
}

static void a_target_takes_choices_of_its_own_kernels(void)
{
    static const char *const wrong[] = { "absent", "affine", "pack" };
    g_autoptr(SfmChoices) choices = sfm_choices_new();

    g_assert_true(sfm_target_check_choices(&target, NULL, NULL));
    sfm_choices_set(choices, FOUR, "second");
    g_assert_true(sfm_target_check_choices(&target, choices, NULL));
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;
        sfm_choices_set(choices, EIGHT, wrong[i]);
        g_assert_false(sfm_target_check_choices(&target, choices, &error));
        g_assert_error(error, SFM_ERROR, SFM_ERROR_UNSUPPORTED);
        g_assert_nonnull(strstr(error->message, wrong[i]));
    }
}

#define TEST(name) g_test_add_func("/choices/" #name, name)

static void what_does_not_pay_runs_where_nothing_else_does(void)
{
    static const SfmKernel *const alone[] = { &unworthy, &pack, &unpack };
    SfmTarget few = target;
    few.kernels = alone;
    few.num_kernels = G_N_ELEMENTS(alone);
    const SfmShape map = SFM_SHAPE(1, 4, 4, 4);
    const SfmCall call = { .op = sfm_op_find("add"), .num_inputs = 2, .in = { map, map } };

    g_assert_true(sfm_target_choose(&few, &call) == &unworthy);
    g_assert_true(sfm_target_choose(&target, &call) == &first);
}

int main(int argc, char *argv[])
{
    g_test_init(&argc, &argv, NULL);
    TEST(a_key_says_the_op_and_what_it_reads_and_makes);
    TEST(the_batch_is_not_in_a_key);
    TEST(a_column_of_pixels_is_no_vector);
    TEST(there_is_one_way_to_write_a_key);
    TEST(choices_are_set_replaced_and_taken_away);
    TEST(nothing_is_an_empty_choice);
    TEST(choices_differ_in_keys_or_kernels);
    TEST(lines_are_sorted_and_read_again);
    TEST(refuses_lines_that_say_no_choice);
    TEST(a_choice_runs_the_calls_of_its_key);
    TEST(other_choices_count_for_nothing);
    TEST(rivals_are_those_that_apply_in_the_layouts_of_the_first);
    TEST(a_target_takes_choices_of_its_own_kernels);
    TEST(what_does_not_pay_runs_where_nothing_else_does);
    return g_test_run();
}
