// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which sums go into the convolutions before them, and which results may lie where
// an input lay: plans of hand-made graphs, for a made-up target.

#include "ops/add.h"
#include "ops/conv2d.h"
#include "ops/linear.h"
#include "ops/norm_conv2d.h"
#include "plan/plan.h"

static const SfmKernel conv = { .name = "conv", .op = "conv2d", .in_place = 1 << 3 };
static const SfmKernel add_kernel = { .name = "add", .op = "add" };
static const SfmKernel channels_kernel = { .name = "add_channels", .op = "add_channels" };
static const SfmKernel linear = { .name = "linear", .op = "linear" };
static const SfmKernel concat_kernel = { .name = "concat", .op = "concat" };

static const SfmKernel upsample_kernel = { .name = "upsample", .op = "upsample_nearest" };
static const SfmKernel activation_kernel = { .name = "activation", .op = "activation" };

static const SfmKernel *const kernels[] = {
    &conv,          &add_kernel,      &channels_kernel,  &linear,
    &concat_kernel, &upsample_kernel, &activation_kernel
};

static const SfmTarget target = {
    .name = "made-up",
    .kernels = kernels,
    .num_kernels = G_N_ELEMENTS(kernels),
    .alignment = 64,
    .max_block = 1 << 20,
    .gbytes_per_second = 1,
};

static const SfmShape map = { { 2, 4, 4, 4 } }; // 512 bytes

static SfmValue input(SfmGraph *graph, const char *name)
{
    return sfm_graph_input(graph, name, map);
}

// A 1x1 convolution with weights of its own.
static SfmValue convolve(SfmGraph *graph, SfmValue x)
{
    const SfmConv2d attrs = { .kernel = 1, .stride = 1 };
    g_autofree char *weight = g_strdup_printf("weight%u", sfm_graph_num_values(graph));
    g_autofree char *bias = g_strdup_printf("bias%u", sfm_graph_num_values(graph));
    const SfmValue in[] = {
        x,
        sfm_graph_weight(graph, weight, SFM_SHAPE(4, 4, 1, 1)),
        sfm_graph_weight(graph, bias, SFM_SHAPE(1, 4, 1, 1)),
    };
    return sfm_graph_call(graph, sfm_op_find("conv2d"), &attrs, 3, in);
}

// A layer of a perceptron over 16 numbers, with weights of its own.
static SfmValue project(SfmGraph *graph, SfmValue x)
{
    static const SfmLinear bare = { SFM_ACTIVATION_NONE };
    g_autofree char *weight = g_strdup_printf("weight%u", sfm_graph_num_values(graph));
    g_autofree char *bias = g_strdup_printf("bias%u", sfm_graph_num_values(graph));
    const SfmValue in[] = {
        x,
        sfm_graph_weight(graph, weight, SFM_SHAPE(16, 16, 1, 1)),
        sfm_graph_weight(graph, bias, SFM_SHAPE(1, 16, 1, 1)),
    };
    return sfm_graph_call(graph, sfm_op_find("linear"), &bare, 3, in);
}

static SfmValue add(SfmGraph *graph, SfmValue a, SfmValue b, float scale)
{
    const SfmAdd attrs = { .scale = scale };
    return sfm_graph_call(graph, sfm_op_find("add"), &attrs, 2, (const SfmValue[]){ a, b });
}

static SfmValue add_channels(SfmGraph *graph, SfmValue x, SfmValue v)
{
    return sfm_graph_call(graph, sfm_op_find("add_channels"), NULL, 2, (const SfmValue[]){ x, v });
}

static SfmPlan *plan_of(SfmGraph *graph, SfmValue output)
{
    GError *error = NULL;
    sfm_graph_output(graph, output);
    g_assert_true(sfm_graph_check(graph, &error));
    SfmPlan *plan = sfm_plan_new(graph, &target, &error);
    g_assert_no_error(error);
    return plan;
}

// The plan's steps, as "conv2d/4 add/2": ops and how many inputs each has.
static void assert_steps(const SfmPlan *plan, const char *want)
{
    g_autoptr(GString) got = g_string_new(NULL);
    for (uint32_t i = 0; i < sfm_plan_num_steps(plan); i++) {
        const SfmCall *call = &sfm_plan_step(plan, i)->call;
        g_string_append_printf(got, "%s%s/%d", i ? " " : "", call->op->name, call->num_inputs);
    }
    g_assert_cmpstr(got->str, ==, want);
}

static SfmValue value_in(const SfmPlan *plan, uint32_t step, int i)
{
    return sfm_plan_tensor(plan, sfm_plan_step(plan, step)->in[i])->value;
}

static float scale_of(const SfmPlan *plan, uint32_t step)
{
    return ((const SfmConv2d *)sfm_plan_step(plan, step)->call.attrs)->scale;
}

static void a_residual_goes_into_the_convolution(void)
{
    g_autoptr(SfmGraph) graph = sfm_graph_new();
    const SfmValue x = input(graph, "x"), y = add(graph, x, convolve(graph, x), 0.5f);
    g_autoptr(SfmPlan) plan = plan_of(graph, y);

    assert_steps(plan, "conv2d/4");
    g_assert_cmpuint(value_in(plan, 0, 3), ==, x);
    g_assert_cmpfloat(scale_of(plan, 0), ==, 0.5);
    g_assert_cmpuint(sfm_plan_tensor(plan, sfm_plan_output(plan, 0))->value, ==, y);
}

static void a_time_embedding_goes_into_the_convolution(void)
{
    g_autoptr(SfmGraph) graph = sfm_graph_new();
    const SfmValue time = sfm_graph_input(graph, "time", SFM_SHAPE(2, 4, 1, 1));
    const SfmValue y = add_channels(graph, convolve(graph, input(graph, "x")), time);
    g_autoptr(SfmPlan) plan = plan_of(graph, y);

    assert_steps(plan, "conv2d/4");
    g_assert_cmpuint(value_in(plan, 0, 3), ==, time);
    g_assert_cmpfloat(scale_of(plan, 0), ==, 1);
}

// y = c + a, where a is made behind c: the convolution waits for it.
static void a_convolution_moves_to_where_its_addend_exists(void)
{
    g_autoptr(SfmGraph) graph = sfm_graph_new();
    const SfmValue x = input(graph, "x"), c = convolve(graph, x), a = add(graph, x, x, 2);
    g_autoptr(SfmPlan) plan = plan_of(graph, add(graph, c, a, 1));

    assert_steps(plan, "add/2 conv2d/4");
    g_assert_cmpuint(value_in(plan, 1, 3), ==, a);
}

static void of_two_convolutions_the_later_one_takes_the_sum(void)
{
    g_autoptr(SfmGraph) graph = sfm_graph_new();
    const SfmValue x = input(graph, "x"), z = input(graph, "z");
    const SfmValue first = convolve(graph, x), second = convolve(graph, z);
    g_autoptr(SfmPlan) plan = plan_of(graph, add(graph, second, first, 1));

    assert_steps(plan, "conv2d/3 conv2d/4");
    g_assert_cmpuint(value_in(plan, 1, 0), ==, z);
    g_assert_cmpuint(value_in(plan, 1, 3), ==, first);
}

static void a_second_sum_stays_behind_the_first(void)
{
    g_autoptr(SfmGraph) graph = sfm_graph_new();
    const SfmValue x = input(graph, "x"), z = input(graph, "z");
    const SfmValue y = add(graph, convolve(graph, x), x, 1);
    g_autoptr(SfmPlan) plan = plan_of(graph, add(graph, y, z, 1));

    assert_steps(plan, "conv2d/4 add/2");
}

static void what_somebody_else_reads_is_left_alone(void)
{
    g_autoptr(SfmGraph) graph = sfm_graph_new();
    const SfmValue x = input(graph, "x"), c = convolve(graph, x);
    g_autoptr(SfmPlan) plan =
        plan_of(graph, convolve(graph, add(graph, add(graph, c, x, 1), c, 1)));

    assert_steps(plan, "conv2d/3 add/2 add/2 conv2d/3");
}

static void what_is_added_to_itself_is_left_alone(void)
{
    g_autoptr(SfmGraph) graph = sfm_graph_new();
    const SfmValue c = convolve(graph, input(graph, "x"));
    g_autoptr(SfmPlan) plan = plan_of(graph, add(graph, c, c, 1));

    assert_steps(plan, "conv2d/3 add/2");
}

static void an_output_is_left_alone(void)
{
    g_autoptr(SfmGraph) graph = sfm_graph_new();
    const SfmValue x = input(graph, "x"), c = convolve(graph, x);
    sfm_graph_output(graph, c);
    g_autoptr(SfmPlan) plan = plan_of(graph, add(graph, c, x, 1));

    assert_steps(plan, "conv2d/3 add/2");
}

static void a_weight_is_no_addend(void)
{
    g_autoptr(SfmGraph) graph = sfm_graph_new();
    const SfmValue c = convolve(graph, input(graph, "x"));
    g_autoptr(SfmPlan) plan = plan_of(graph, add(graph, c, sfm_graph_weight(graph, "w", map), 1));

    assert_steps(plan, "conv2d/3 add/2");
}

static void a_target_can_have_calls_as_they_were_built(void)
{
    g_autoptr(SfmGraph) graph = sfm_graph_new();
    const SfmValue x = input(graph, "x");
    sfm_graph_output(graph, add(graph, convolve(graph, x), x, 1));
    SfmTarget as_built = target;
    as_built.as_built = true;
    g_autoptr(SfmPlan) plan = sfm_plan_new(graph, &as_built, NULL);

    assert_steps(plan, "conv2d/3 add/2");
}

static SfmValue upsample(SfmGraph *graph, SfmValue x)
{
    return sfm_graph_call(graph, sfm_op_find("upsample_nearest"), NULL, 1, &x);
}

static bool doubled(const SfmPlan *plan, uint32_t step)
{
    return ((const SfmConv2d *)sfm_plan_step(plan, step)->call.attrs)->doubled;
}

static void an_upsampling_goes_into_the_convolution(void)
{
    g_autoptr(SfmGraph) graph = sfm_graph_new();
    const SfmValue x = input(graph, "x"), c = convolve(graph, upsample(graph, x));
    g_autoptr(SfmPlan) plan = plan_of(graph, add(graph, c, upsample(graph, x), 0.5f));

    assert_steps(plan, "upsample_nearest/1 conv2d/4"); // the one that is added stays
    g_assert_cmpuint(value_in(plan, 1, 0), ==, x);
    g_assert_true(doubled(plan, 1));
    g_assert_cmpfloat(scale_of(plan, 1), ==, 0.5);
}

static void an_upsampling_that_somebody_else_reads_is_left_alone(void)
{
    g_autoptr(SfmGraph) graph = sfm_graph_new();
    const SfmValue up = upsample(graph, input(graph, "x")), c = convolve(graph, up);
    g_autoptr(SfmPlan) plan = plan_of(graph, add(graph, c, up, 1));

    assert_steps(plan, "upsample_nearest/1 conv2d/4");
    g_assert_cmpuint(value_in(plan, 1, 0), ==, up);
    g_assert_false(doubled(plan, 1));
}

static SfmValue activate(SfmGraph *graph, SfmValue x)
{
    const SfmActivation attrs = { SFM_ACTIVATION_SILU };
    return sfm_graph_call(graph, sfm_op_find("activation"), &attrs, 1, &x);
}

static SfmActivationKind activation_of(const SfmPlan *plan, uint32_t step)
{
    return ((const SfmLinear *)sfm_plan_step(plan, step)->call.attrs)->act;
}

static void an_activation_goes_into_the_layer(void)
{
    g_autoptr(SfmGraph) graph = sfm_graph_new();
    const SfmValue x = sfm_graph_input(graph, "x", SFM_SHAPE(1, 16, 1, 1));
    const SfmValue y = activate(graph, project(graph, activate(graph, project(graph, x))));
    g_autoptr(SfmPlan) plan = plan_of(graph, y);

    assert_steps(plan, "linear/3 linear/3");
    g_assert_cmpint(activation_of(plan, 0), ==, SFM_ACTIVATION_SILU);
    g_assert_cmpint(activation_of(plan, 1), ==, SFM_ACTIVATION_SILU);
    g_assert_cmpuint(sfm_plan_tensor(plan, sfm_plan_output(plan, 0))->value, ==, y);
}

static void a_layer_that_somebody_else_reads_is_left_alone(void)
{
    g_autoptr(SfmGraph) graph = sfm_graph_new();
    const SfmValue l = project(graph, sfm_graph_input(graph, "x", SFM_SHAPE(1, 16, 1, 1)));
    g_autoptr(SfmPlan) plan = plan_of(graph, add(graph, activate(graph, l), l, 1));

    assert_steps(plan, "linear/3 activation/1 add/2");
}

// ---- norms ------------------------------------------------------------------

static bool no_wide_maps(const SfmCall *call)
{
    return call->in[0].dim[3] < 8;
}

static const SfmKernel group_norm = { .name = "group_norm", .op = "group_norm", .in_place = 1 };
static const SfmKernel norm_conv = { .name = "norm_conv",
                                     .op = "norm_conv2d",
                                     .applies = no_wide_maps };
static const SfmKernel with_both = { .name = "with_both", .op = "conv2d", .normed = &norm_conv };
static const SfmKernel *const norm_kernels[] = { &with_both, &conv, &group_norm, &add_kernel,
                                                 &norm_conv };

static SfmTarget norm_target(void)
{
    SfmTarget norms = target;
    norms.kernels = norm_kernels;
    norms.num_kernels = G_N_ELEMENTS(norm_kernels);
    return norms;
}

static SfmValue normalise(SfmGraph *graph, SfmValue x)
{
    const SfmGroupNorm attrs = { 2, 1e-5f, SFM_ACTIVATION_SILU };
    const SfmValue in[] = {
        x,
        sfm_graph_weight(graph, "gamma", SFM_SHAPE(1, 4, 1, 1)),
        sfm_graph_weight(graph, "beta", SFM_SHAPE(1, 4, 1, 1)),
    };
    return sfm_graph_call(graph, sfm_op_find("group_norm"), &attrs, 3, in);
}

static SfmPlan *plan_for(const SfmTarget *norms, SfmGraph *graph, SfmValue output)
{
    g_autoptr(GError) error = NULL;
    sfm_graph_output(graph, output);
    SfmPlan *plan = sfm_plan_new(graph, norms, &error);
    g_assert_no_error(error);
    return plan;
}

// Its inputs stand where norm_conv2d says, the addend behind the norm's.
static void a_norm_goes_into_the_convolution_that_reads_it(void)
{
    const SfmTarget norms = norm_target();
    g_autoptr(SfmGraph) graph = sfm_graph_new();
    const SfmValue x = input(graph, "x"), z = input(graph, "z");
    const SfmValue y = add(graph, convolve(graph, normalise(graph, x)), z, 0.5f);
    g_autoptr(SfmPlan) plan = plan_for(&norms, graph, y);

    assert_steps(plan, "norm_conv2d/6");
    const SfmPlanStep *step = sfm_plan_step(plan, 0);
    const SfmNormConv2d *attrs = step->call.attrs;
    g_assert_true(step->kernel == &norm_conv);
    g_assert_cmpuint(value_in(plan, 0, 0), ==, x);
    g_assert_cmpuint(value_in(plan, 0, 5), ==, z);
    g_assert_cmpstr(sfm_plan_weight(plan, step->in[3], 0)->name, ==, "gamma");
    g_assert_cmpstr(sfm_plan_weight(plan, step->in[4], 0)->name, ==, "beta");
    g_assert_cmpuint(attrs->norm.groups, ==, 2);
    g_assert_cmpfloat(attrs->conv.scale, ==, 0.5f);
}

static void a_norm_that_others_read_stays(void)
{
    const SfmTarget norms = norm_target();
    g_autoptr(SfmGraph) graph = sfm_graph_new(), given = sfm_graph_new();
    const SfmValue a = normalise(graph, input(graph, "x"));
    const SfmValue b = normalise(given, input(given, "x"));
    sfm_graph_output(given, b);
    g_autoptr(SfmPlan) plan = plan_for(&norms, graph, add(graph, convolve(graph, a), a, 1));
    g_autoptr(SfmPlan) other = plan_for(&norms, given, convolve(given, b));

    assert_steps(plan, "group_norm/3 conv2d/4");
    assert_steps(other, "group_norm/3 conv2d/3");
}

static void a_norm_stays_where_no_kernel_does_both(void)
{
    SfmTarget norms = norm_target(), none = norm_target();
    none.kernels = norm_kernels + 1; // the first is the one that knows of both
    none.num_kernels--;
    g_autoptr(SfmGraph) graph = sfm_graph_new(), wide_one = sfm_graph_new();
    const SfmValue x = sfm_graph_input(wide_one, "x", SFM_SHAPE(1, 4, 4, 8));
    g_autoptr(SfmPlan) plan =
        plan_for(&none, graph, convolve(graph, normalise(graph, input(graph, "x"))));
    g_autoptr(SfmPlan) other =
        plan_for(&norms, wide_one, convolve(wide_one, normalise(wide_one, x)));

    assert_steps(plan, "group_norm/3 conv2d/3");
    assert_steps(other, "group_norm/3 conv2d/3");
}

// A kernel that was chosen runs the convolution alone, and so do all while they are timed.
static void a_norm_stays_before_a_kernel_that_was_chosen(void)
{
    SfmTarget norms = norm_target();
    g_autoptr(SfmGraph) graph = sfm_graph_new();
    g_autoptr(SfmChoices) choices = sfm_choices_new();
    const SfmValue y = convolve(graph, normalise(graph, input(graph, "x")));
    sfm_choices_set(choices, "conv2d 4x4x4 4 4 > 4x4x4", "conv");
    norms.choices = choices;
    g_autoptr(SfmPlan) plan = plan_for(&norms, graph, y);
    g_autoptr(SfmChoices) made = sfm_plan_choices(plan);

    assert_steps(plan, "group_norm/3 conv2d/3");
    g_assert_true(sfm_plan_step(plan, 1)->kernel == &conv);
    g_assert_true(sfm_choices_equal(made, choices));
    norms.choices = NULL;
    norms.norms_apart = true;
    g_autoptr(SfmPlan) apart = sfm_plan_new(graph, &norms, NULL);
    assert_steps(apart, "group_norm/3 conv2d/3");
    g_assert_true(sfm_plan_step(apart, 1)->kernel == &with_both);
}

// ---- in another order -------------------------------------------------------

static SfmValue narrow_by(SfmGraph *graph, SfmValue x, SfmValue weight)
{
    static const SfmConv2d attrs = { .kernel = 1, .stride = 1 };
    const SfmValue bias = sfm_graph_weight(graph, "narrow.bias", SFM_SHAPE(1, 4, 1, 1));
    return sfm_graph_call(graph, sfm_op_find("conv2d"), &attrs, 3,
                          (const SfmValue[]){ x, weight, bias });
}

// Four channels of the eight that x has.
static SfmValue narrow(SfmGraph *graph, SfmValue x)
{
    return narrow_by(graph, x, sfm_graph_weight(graph, "narrow.weight", SFM_SHAPE(4, 8, 1, 1)));
}

static const SfmShape wide = { { 2, 8, 4, 4 } };

static void what_makes_less_of_a_value_goes_before_its_other_readers(void)
{
    g_autoptr(SfmGraph) graph = sfm_graph_new();
    const SfmValue x = sfm_graph_input(graph, "x", wide), twice = add(graph, x, x, 1);
    const SfmValue four = add(graph, twice, twice, 1), y = narrow(graph, x);
    sfm_graph_output(graph, four);
    g_autoptr(SfmPlan) plan = plan_of(graph, y);

    assert_steps(plan, "conv2d/3 add/2 add/2");
    g_assert_cmpuint(value_in(plan, 0, 0), ==, x);
}

static void what_waits_for_another_value_stays_where_it_is(void)
{
    g_autoptr(SfmGraph) graph = sfm_graph_new();
    const SfmValue x = sfm_graph_input(graph, "x", wide);
    const SfmValue w = sfm_graph_input(graph, "w", SFM_SHAPE(4, 8, 1, 1));
    sfm_graph_output(graph, add(graph, x, x, 1));
    g_autoptr(SfmPlan) plan = plan_of(graph, narrow_by(graph, x, add(graph, w, w, 1)));

    assert_steps(plan, "add/2 add/2 conv2d/3");
}

static void what_makes_as_much_stays_where_it_is(void)
{
    g_autoptr(SfmGraph) graph = sfm_graph_new();
    const SfmValue x = input(graph, "x");
    sfm_graph_output(graph, add(graph, x, x, 1));
    g_autoptr(SfmPlan) plan = plan_of(graph, convolve(graph, x));

    assert_steps(plan, "add/2 conv2d/3");
}

static void a_value_that_lives_on_orders_nothing(void)
{
    g_autoptr(SfmGraph) graph = sfm_graph_new(), given = sfm_graph_new();
    const SfmValue x = sfm_graph_input(graph, "x", wide), z = sfm_graph_input(given, "z", wide);
    sfm_graph_output(graph, add(graph, x, x, 1));
    sfm_graph_output(graph, narrow(graph, x));
    g_autoptr(SfmPlan) plan = plan_of(graph, add(graph, x, x, 0.5f));

    const SfmValue twice = add(given, z, z, 1);
    sfm_graph_output(given, add(given, twice, twice, 1));
    sfm_graph_output(given, narrow(given, twice));
    g_autoptr(SfmPlan) other = plan_of(given, twice);

    assert_steps(plan, "add/2 conv2d/3 add/2");  // read behind it
    assert_steps(other, "add/2 add/2 conv2d/3"); // given away
}

// ---- in the place of an input -----------------------------------------------

// Whether a step's output lies where its addend lies.
static bool overwrites(const SfmPlan *plan, uint32_t step)
{
    const SfmPlanStep *s = sfm_plan_step(plan, step);
    const SfmPlanTensor *a = sfm_plan_tensor(plan, s->in[3]), *y = sfm_plan_tensor(plan, s->out[0]);
    return a->block == y->block && a->offset == y->offset;
}

static void a_sum_takes_the_place_of_a_residual_that_ends(void)
{
    g_autoptr(SfmGraph) graph = sfm_graph_new();
    const SfmValue x = input(graph, "x"), z = input(graph, "z");
    SfmValue y = add(graph, convolve(graph, x), z, 1);
    y = add(graph, convolve(graph, x), y, 1); // and that again
    g_autoptr(SfmPlan) plan = plan_of(graph, y);

    assert_steps(plan, "conv2d/4 conv2d/4");
    g_assert_true(overwrites(plan, 0));
    g_assert_true(overwrites(plan, 1));
    g_assert_cmpuint(sfm_plan_arena_size(plan), ==, 2 * 512);
    g_assert_cmpuint(sfm_plan_arena_floor(plan), ==, 2 * 512);
}

static void a_residual_that_is_read_later_keeps_its_place(void)
{
    g_autoptr(SfmGraph) graph = sfm_graph_new();
    const SfmValue x = input(graph, "x"), z = input(graph, "z");
    const SfmValue y = add(graph, convolve(graph, x), z, 1);
    g_autoptr(SfmPlan) plan = plan_of(graph, add(graph, convolve(graph, y), z, 1));

    g_assert_false(overwrites(plan, 0));
    g_assert_true(overwrites(plan, 1));
}

static void what_is_convolved_as_well_keeps_its_place(void)
{
    g_autoptr(SfmGraph) graph = sfm_graph_new();
    const SfmValue x = input(graph, "x");
    g_autoptr(SfmPlan) plan = plan_of(graph, add(graph, convolve(graph, x), x, 1));

    g_assert_false(overwrites(plan, 0));
}

// The residual ends as a tensor of its own, but the whole that it is a part of is
// read later.
static void a_part_of_what_is_read_later_keeps_its_place(void)
{
    g_autoptr(SfmGraph) graph = sfm_graph_new();
    const SfmShape one = SFM_SHAPE(1, 4, 4, 4);
    const SfmValue x = sfm_graph_input(graph, "x", one);
    const SfmValue a = convolve(graph, x), b = convolve(graph, a);
    const SfmValue both =
        sfm_graph_call(graph, sfm_op_find("concat"), NULL, 2, (const SfmValue[]){ a, b });
    const SfmValue y = add(graph, convolve(graph, x), a, 1);
    sfm_graph_output(graph, y);
    g_autoptr(SfmPlan) plan = plan_of(graph, add(graph, both, both, 1));

    assert_steps(plan, "conv2d/3 conv2d/3 conv2d/4 add/2");
    g_assert_false(overwrites(plan, 2));
}

// ---- several of one value ---------------------------------------------------

static const SfmPlanTensor *tensor_of(const SfmPlan *plan, SfmValue value)
{
    for (uint32_t i = 0; i < sfm_plan_num_tensors(plan); i++) {
        if (sfm_plan_tensor(plan, i)->value == value)
            return sfm_plan_tensor(plan, i);
    }
    g_assert_not_reached();
}

static void assert_weights(const SfmPlan *plan, uint32_t tensor, const char *a, const char *b)
{
    g_assert_cmpint(sfm_plan_tensor(plan, tensor)->block, ==, -1);
    g_assert_cmpuint(sfm_plan_num_weights(plan, tensor), ==, 2);
    g_assert_cmpstr(sfm_plan_weight(plan, tensor, 0)->name, ==, a);
    g_assert_cmpstr(sfm_plan_weight(plan, tensor, 1)->name, ==, b);
}

static void layers_of_one_value_become_one_call(void)
{
    g_autoptr(SfmGraph) graph = sfm_graph_new();
    const SfmValue x = sfm_graph_input(graph, "x", SFM_SHAPE(3, 16, 1, 1));
    const SfmValue a = project(graph, x), twice = add(graph, a, a, 1), b = project(graph, x);
    g_autoptr(SfmPlan) plan = plan_of(graph, add(graph, twice, b, 1));
    const SfmPlanStep *step = sfm_plan_step(plan, 0);
    const size_t size = 3 * 16 * sizeof(float);

    assert_steps(plan, "linear/3 add/2 add/2");
    g_assert_true(sfm_shape_equal(step->call.in[1], SFM_SHAPE(32, 16, 1, 1)));
    g_assert_true(sfm_shape_equal(step->call.in[2], SFM_SHAPE(2, 16, 1, 1)));
    assert_weights(plan, step->in[1], "weight1", "weight5");
    assert_weights(plan, step->in[2], "bias1", "bias5");

    const SfmPlanTensor *whole = sfm_plan_tensor(plan, step->out[0]);
    g_assert_cmpuint(whole->size, ==, 2 * size);
    g_assert_cmpuint(tensor_of(plan, a)->offset, ==, whole->offset);
    g_assert_cmpuint(tensor_of(plan, b)->offset, ==, whole->offset + size);
    g_assert_cmpuint(tensor_of(plan, b)->first, ==, 0); // made at once
}

static void pointwise_convolutions_of_one_value_become_one_call(void)
{
    g_autoptr(SfmGraph) graph = sfm_graph_new();
    const SfmValue x = input(graph, "x"), z = input(graph, "z");
    const SfmValue a = convolve(graph, x), b = convolve(graph, z), c = convolve(graph, x);
    g_autoptr(SfmPlan) plan =
        plan_of(graph, add(graph, add(graph, a, a, 1), add(graph, c, c, 1), 1));
    g_autoptr(SfmPlan) both = plan_of(graph, add(graph, b, b, 1));

    assert_steps(plan, "conv2d/3 add/2 add/2 add/2");
    assert_steps(both, "conv2d/3 conv2d/3 add/2 add/2 add/2 add/2"); // z is another value
}

static void results_that_could_not_be_bound_are_made_one_by_one(void)
{
    g_autoptr(SfmGraph) graph = sfm_graph_new();
    const SfmShape three = SFM_SHAPE(4, 4, 1, 3); // 48 bytes an image, not 64
    const SfmValue x = sfm_graph_input(graph, "x", three);
    const SfmValue a = convolve(graph, x), b = convolve(graph, x);
    sfm_graph_output(graph, a);
    g_autoptr(SfmPlan) plan = plan_of(graph, b);

    assert_steps(plan, "conv2d/3 conv2d/3");
}

static void weights_that_could_not_be_bound_are_not_stacked(void)
{
    g_autoptr(SfmGraph) graph = sfm_graph_new();
    const SfmValue x = sfm_graph_input(graph, "x", SFM_SHAPE(1, 16, 1, 1));
    for (int i = 0; i < 5; i++)
        sfm_graph_output(graph, project(graph, x));
    SfmTarget narrow = target;
    narrow.max_block = 2 * 2 * (256 + 16) * sizeof(float); // two of them, with room to pack
    g_autoptr(SfmPlan) plan = sfm_plan_new(graph, &narrow, NULL);

    assert_steps(plan, "linear/3 linear/3 linear/3"); // 2, 2 and 1
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

#define TEST(name) g_test_add_func("/plan/fuse/" #name, name)
    TEST(a_residual_goes_into_the_convolution);
    TEST(a_time_embedding_goes_into_the_convolution);
    TEST(a_convolution_moves_to_where_its_addend_exists);
    TEST(of_two_convolutions_the_later_one_takes_the_sum);
    TEST(a_second_sum_stays_behind_the_first);
    TEST(what_somebody_else_reads_is_left_alone);
    TEST(what_is_added_to_itself_is_left_alone);
    TEST(an_output_is_left_alone);
    TEST(a_weight_is_no_addend);
    TEST(a_target_can_have_calls_as_they_were_built);
    TEST(an_upsampling_goes_into_the_convolution);
    TEST(an_upsampling_that_somebody_else_reads_is_left_alone);
    TEST(an_activation_goes_into_the_layer);
    TEST(a_layer_that_somebody_else_reads_is_left_alone);
    TEST(a_norm_goes_into_the_convolution_that_reads_it);
    TEST(a_norm_that_others_read_stays);
    TEST(a_norm_stays_where_no_kernel_does_both);
    TEST(a_norm_stays_before_a_kernel_that_was_chosen);
    TEST(what_makes_less_of_a_value_goes_before_its_other_readers);
    TEST(what_waits_for_another_value_stays_where_it_is);
    TEST(what_makes_as_much_stays_where_it_is);
    TEST(a_value_that_lives_on_orders_nothing);
    TEST(a_sum_takes_the_place_of_a_residual_that_ends);
    TEST(a_residual_that_is_read_later_keeps_its_place);
    TEST(what_is_convolved_as_well_keeps_its_place);
    TEST(a_part_of_what_is_read_later_keeps_its_place);
    TEST(layers_of_one_value_become_one_call);
    TEST(pointwise_convolutions_of_one_value_become_one_call);
    TEST(results_that_could_not_be_bound_are_made_one_by_one);
    TEST(weights_that_could_not_be_bound_are_not_stacked);
    return g_test_run();
}
