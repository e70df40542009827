// SPDX-License-Identifier: GPL-3.0-or-later
//
// From a graph to a plan, in passes that each do one thing: take the calls that
// are needed (collect.c), let values end early (order.c), make fewer calls (fuse.c,
// stack.c), choose kernels and insert relayouts (lower.c), let the inputs of a concatenation be
// made in its output (join.c), let steps overwrite what they read last (overwrite.c), count
// lifetimes and give offsets (place.c).
//
// What must stay true: tensors that are alive at one step do not overlap, unless
// one lies within the other by a join or a stack, or in its place by an overwrite;
// offsets are multiples of the target's alignment; the same graph and target give
// the same plan.

#include "plan/plan.h"

#include "plan/passes.h"

static void clear_stack(gpointer stack)
{
    g_array_unref(((SfmPlanStack *)stack)->members);
}

SfmPlan *sfm_plan_new(const SfmGraph *graph, const SfmTarget *target, GError **error)
{
    g_autoptr(SfmPlan) plan = g_new0(SfmPlan, 1);
    plan->graph = graph;
    plan->target = target;
    plan->calls = g_array_new(false, true, sizeof(SfmNode));
    plan->attrs = g_ptr_array_new_with_free_func(g_free);
    plan->stacks = g_array_new(false, true, sizeof(SfmPlanStack));
    g_array_set_clear_func(plan->stacks, clear_stack);
    plan->steps = g_array_new(false, true, sizeof(SfmPlanStep));
    plan->tensors = g_array_new(false, true, sizeof(SfmPlanTensor));
    plan->parents = g_array_new(false, true, sizeof(SfmPlanParent));
    plan->inputs = g_array_new(false, true, sizeof(uint32_t));
    plan->outputs = g_array_new(false, true, sizeof(uint32_t));
    plan->blocks = g_array_new(false, true, sizeof(size_t));

    sfm_plan_collect(plan);
    if (!target->as_built) {
        sfm_plan_order(plan);
        sfm_plan_fuse(plan);
        sfm_plan_stack(plan);
        if (!target->norms_apart)
            sfm_plan_fuse_norms(plan);
    }
    if (!sfm_plan_lower(plan, error))
        return NULL;
    sfm_plan_join(plan);
    sfm_plan_overwrite(plan);
    if (!sfm_plan_place(plan, error))
        return NULL;
    return g_steal_pointer(&plan);
}

void sfm_plan_free(SfmPlan *plan)
{
    if (!plan)
        return;
    g_array_unref(plan->calls);
    g_ptr_array_unref(plan->attrs);
    g_array_unref(plan->stacks);
    g_array_unref(plan->steps);
    g_array_unref(plan->tensors);
    g_array_unref(plan->parents);
    g_array_unref(plan->inputs);
    g_array_unref(plan->outputs);
    g_array_unref(plan->blocks);
    g_free(plan);
}

uint32_t sfm_plan_num_steps(const SfmPlan *plan)
{
    return plan->steps->len;
}

const SfmPlanStep *sfm_plan_step(const SfmPlan *plan, uint32_t i)
{
    g_assert(i < plan->steps->len);
    return &g_array_index(plan->steps, SfmPlanStep, i);
}

uint32_t sfm_plan_num_tensors(const SfmPlan *plan)
{
    return plan->tensors->len;
}

const SfmPlanTensor *sfm_plan_tensor(const SfmPlan *plan, uint32_t i)
{
    g_assert(i < plan->tensors->len);
    return &g_array_index(plan->tensors, SfmPlanTensor, i);
}

uint32_t sfm_plan_num_weights(const SfmPlan *plan, uint32_t tensor)
{
    const SfmPlanStack *stack = sfm_plan_find_stack(plan, sfm_plan_tensor(plan, tensor)->value);
    return stack ? stack->members->len : 1;
}

const SfmValueInfo *sfm_plan_weight(const SfmPlan *plan, uint32_t tensor, uint32_t i)
{
    const SfmValue value = sfm_plan_tensor(plan, tensor)->value;
    const SfmPlanStack *stack = sfm_plan_find_stack(plan, value);

    g_assert(sfm_plan_is_weight(plan, value) && i < sfm_plan_num_weights(plan, tensor));
    return sfm_graph_value(plan->graph, stack ? g_array_index(stack->members, SfmValue, i) : value);
}

uint32_t sfm_plan_num_inputs(const SfmPlan *plan)
{
    return plan->inputs->len;
}

uint32_t sfm_plan_input(const SfmPlan *plan, uint32_t i)
{
    g_assert(i < plan->inputs->len);
    return g_array_index(plan->inputs, uint32_t, i);
}

uint32_t sfm_plan_num_outputs(const SfmPlan *plan)
{
    return plan->outputs->len;
}

uint32_t sfm_plan_output(const SfmPlan *plan, uint32_t i)
{
    g_assert(i < plan->outputs->len);
    return g_array_index(plan->outputs, uint32_t, i);
}

int sfm_plan_num_blocks(const SfmPlan *plan)
{
    return (int)plan->blocks->len;
}

size_t sfm_plan_block_size(const SfmPlan *plan, int block)
{
    g_assert(block >= 0 && block < (int)plan->blocks->len);
    return g_array_index(plan->blocks, size_t, block);
}

size_t sfm_plan_arena_size(const SfmPlan *plan)
{
    size_t size = 0;
    for (guint i = 0; i < plan->blocks->len; i++)
        size += g_array_index(plan->blocks, size_t, i);
    return size;
}

SfmCost sfm_plan_cost(const SfmPlan *plan)
{
    SfmCost total = { 0 };
    for (guint i = 0; i < plan->steps->len; i++) {
        const SfmCost cost = sfm_call_cost(&sfm_plan_step(plan, i)->call);
        total.flop += cost.flop;
        total.bytes += cost.bytes;
    }
    return total;
}

double sfm_plan_estimate(const SfmPlan *plan)
{
    double total = 0;
    for (guint i = 0; i < plan->steps->len; i++)
        total += sfm_plan_step(plan, i)->estimate;
    return total;
}

const SfmGraph *sfm_plan_graph(const SfmPlan *plan)
{
    return plan->graph;
}

// A relayout is chosen by its layouts: it is no rival of the first kernel that copies.
static bool is_chosen(const SfmTarget *target, const SfmPlanStep *step)
{
    const SfmKernel *rival;

    for (size_t i = 1; (rival = sfm_target_rival(target, &step->call, i)); i++) {
        if (rival == step->kernel)
            return true;
    }
    return false;
}

SfmChoices *sfm_plan_choices(const SfmPlan *plan)
{
    SfmChoices *choices = sfm_choices_new();

    for (uint32_t i = 0; i < plan->steps->len; i++) {
        const SfmPlanStep *step = sfm_plan_step(plan, i);
        g_autofree char *key = sfm_call_key(&step->call);
        if (is_chosen(plan->target, step))
            sfm_choices_set(choices, key, step->kernel->name);
    }
    return choices;
}
