// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/passes.h"

typedef struct {
    SfmPlan *plan;
    uint32_t (*tensor_of)[SFM_NUM_LAYOUTS]; // by value - 1: the tensor in that layout
} Lowering;

static void lowering_clear(Lowering *l)
{
    g_free(l->tensor_of);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Lowering, lowering_clear)

static uint32_t add_tensor(Lowering *l, SfmValue value, SfmLayout layout, int block)
{
    const SfmShape shape = sfm_plan_value_shape(l->plan, value);
    const SfmPlanTensor tensor = {
        .value = value,
        .shape = shape,
        .layout = layout,
        .block = block,
        .size = sfm_layout_bytes(layout, shape),
    };
    const SfmPlanParent none = { .tensor = SFM_NO_TENSOR };

    g_array_append_val(l->plan->tensors, tensor);
    g_array_append_val(l->plan->parents, none);
    const uint32_t index = l->plan->tensors->len - 1;
    l->tensor_of[value - 1][layout] = index;
    return index;
}

static void add_step(Lowering *l, SfmPlanStep *step)
{
    const SfmKernel *kernel = step->kernel;
    step->scratch_block = -1;
    step->scratch_size = kernel->scratch ? kernel->scratch(&step->call) : 0;
    step->estimate = sfm_target_estimate(l->plan->target, kernel, &step->call);
    g_array_append_vals(l->plan->steps, step, 1);
}

// Adds the step that copies `value` from the layout it has to another.
static bool relayout(Lowering *l, SfmValue value, SfmLayout from, SfmLayout to, uint32_t *tensor,
                     GError **error)
{
    const SfmShape shape = sfm_plan_value_shape(l->plan, value);
    SfmPlanStep step = {
        .call = { .op = sfm_op_find("copy"), .num_inputs = 1, .in = { shape }, .out = { shape } },
        .kernel = sfm_target_relayout(l->plan->target, from, to),
        .in = { l->tensor_of[value - 1][from] },
    };
    if (!step.kernel || !step.call.op)
        return sfm_fail(error, SFM_ERROR_UNSUPPORTED, "%s: no kernel changes layout %d to %d",
                        l->plan->target->name, from, to);

    step.out[0] = *tensor = add_tensor(l, value, to, 0);
    add_step(l, &step);
    return true;
}

// Finds, or makes, the tensor that holds `value` in `layout`.
static bool in_layout(Lowering *l, SfmValue value, SfmLayout layout, uint32_t *tensor,
                      GError **error)
{
    const uint32_t *there = l->tensor_of[value - 1];
    if (there[layout] != SFM_NO_TENSOR) {
        *tensor = there[layout];
        return true;
    }
    if (sfm_plan_is_weight(l->plan, value)) {
        *tensor = add_tensor(l, value, SFM_LAYOUT_PLAIN, -1);
        return true;
    }
    for (int from = 0; from < SFM_NUM_LAYOUTS; from++) {
        if (there[from] == SFM_NO_TENSOR)
            continue;
        *tensor = there[from];
        return sfm_layout_same((SfmLayout)from, layout, sfm_plan_value_shape(l->plan, value)) ||
               relayout(l, value, (SfmLayout)from, layout, tensor, error);
    }
    g_assert_not_reached(); // calls come after those that make what they read
}

// What is stacked lies there, one behind the other.
static uint32_t add_result(Lowering *l, SfmValue value, SfmLayout layout)
{
    const SfmPlanStack *stack = sfm_plan_find_stack(l->plan, value);
    const uint32_t whole = add_tensor(l, value, layout, 0);

    for (guint i = 0; stack && i < stack->members->len; i++) {
        const uint32_t part = add_tensor(l, g_array_index(stack->members, SfmValue, i), layout, 0);
        g_array_index(l->plan->parents, SfmPlanParent, part) =
            (SfmPlanParent){ whole, i * sfm_plan_tensor(l->plan, part)->size };
    }
    return whole;
}

static bool lower_node(Lowering *l, const SfmNode *node, GError **error)
{
    SfmPlanStep step = { .call = node->call };
    step.kernel = sfm_target_choose(l->plan->target, &node->call);
    if (!step.kernel)
        return sfm_fail(error, SFM_ERROR_UNSUPPORTED, "%s: no kernel runs %s",
                        l->plan->target->name, node->call.op->name);

    for (int i = 0; i < node->call.num_inputs; i++) {
        const bool weight = sfm_plan_is_weight(l->plan, node->in[i]);
        const SfmLayout layout = weight ? SFM_LAYOUT_PLAIN : step.kernel->in[i];
        if (!in_layout(l, node->in[i], layout, &step.in[i], error))
            return false;
    }
    for (int i = 0; i < node->call.op->num_outputs; i++)
        step.out[i] = add_result(l, node->out[i], step.kernel->out[i]);
    add_step(l, &step);
    return true;
}

static void add_inputs(Lowering *l)
{
    const SfmGraph *graph = l->plan->graph;
    for (SfmValue v = 1; v <= sfm_graph_num_values(graph); v++) {
        if (sfm_graph_value(graph, v)->kind != SFM_VALUE_INPUT)
            continue;
        const uint32_t tensor = add_tensor(l, v, SFM_LAYOUT_PLAIN, 0);
        g_array_append_val(l->plan->inputs, tensor);
    }
}

static bool add_outputs(Lowering *l, GError **error)
{
    const SfmGraph *graph = l->plan->graph;
    for (uint32_t i = 0; i < sfm_graph_num_outputs(graph); i++) {
        uint32_t tensor;
        if (!in_layout(l, sfm_graph_output_at(graph, i), SFM_LAYOUT_PLAIN, &tensor, error))
            return false;
        g_array_append_val(l->plan->outputs, tensor);
    }
    return true;
}

bool sfm_plan_lower(SfmPlan *plan, GError **error)
{
    const uint32_t num_values = sfm_plan_num_values(plan);
    g_auto(Lowering) l = {
        .plan = plan,
        .tensor_of = g_malloc_n(num_values + 1, sizeof(*l.tensor_of)),
    };
    for (uint32_t v = 0; v < num_values; v++) {
        for (int layout = 0; layout < SFM_NUM_LAYOUTS; layout++)
            l.tensor_of[v][layout] = SFM_NO_TENSOR;
    }

    add_inputs(&l);
    for (guint i = 0; i < plan->calls->len; i++) {
        if (!lower_node(&l, &g_array_index(plan->calls, SfmNode, i), error))
            return false;
    }
    return add_outputs(&l, error);
}
