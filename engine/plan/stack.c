// SPDX-License-Identifier: GPL-3.0-or-later
//
// Layers that read one value (the time projections of all blocks), and 1x1
// convolutions that do (queries, keys and values), become one call: their weights
// are stacked, and so are their results, each of which then is a part of the whole.
// Launches are what it saves, so that large maps are left alone.

#include "ops/conv2d.h"
#include "ops/linear.h"
#include "plan/passes.h"

#define MOST_PIXELS 65536u // of a map, over all images

SfmValue sfm_plan_add_stack(SfmPlan *plan, SfmShape shape, bool weight, GArray *members)
{
    const SfmPlanStack stack = { shape, weight, members };
    g_array_append_val(plan->stacks, stack);
    return sfm_plan_num_values(plan);
}

const SfmPlanStack *sfm_plan_find_stack(const SfmPlan *plan, SfmValue value)
{
    const uint32_t own = sfm_graph_num_values(plan->graph);
    return value > own ? &g_array_index(plan->stacks, SfmPlanStack, value - own - 1) : NULL;
}

uint32_t sfm_plan_num_values(const SfmPlan *plan)
{
    return sfm_graph_num_values(plan->graph) + plan->stacks->len;
}

SfmShape sfm_plan_value_shape(const SfmPlan *plan, SfmValue value)
{
    const SfmPlanStack *stack = sfm_plan_find_stack(plan, value);
    return stack ? stack->shape : sfm_graph_shape(plan->graph, value);
}

bool sfm_plan_is_weight(const SfmPlan *plan, SfmValue value)
{
    const SfmPlanStack *stack = sfm_plan_find_stack(plan, value);
    return stack ? stack->weight : sfm_graph_value(plan->graph, value)->kind == SFM_VALUE_WEIGHT;
}

static SfmNode *call_at(const SfmPlan *plan, guint i)
{
    return &g_array_index(plan->calls, SfmNode, i);
}

// Pointwise convolutions differ in nothing but their weights.
static bool is_pointwise(const SfmCall *call)
{
    const SfmConv2d *a = call->attrs;
    return g_str_equal(call->op->name, "conv2d") && a->kernel == 1 && a->stride == 1 && !a->doubled;
}

static bool is_bare_layer(const SfmCall *call)
{
    return g_str_equal(call->op->name, "linear") &&
           ((const SfmLinear *)call->attrs)->act == SFM_ACTIVATION_NONE;
}

// Whether one result behind another, of any batch, begins where a binding may.
static bool begins_aligned(const SfmTarget *target, const SfmCall *call)
{
    const SfmKernel *kernel = sfm_target_choose(target, call);
    SfmShape image = call->out[0];

    image.dim[0] = 1;
    return kernel && sfm_layout_bytes(kernel->out[0], image) % target->alignment == 0;
}

// None may be stacked already.
static bool can_stack(const SfmPlan *plan, const SfmNode *node)
{
    const SfmCall *call = &node->call;
    const uint32_t *y = call->out[0].dim;
    const uint64_t pixels = (uint64_t)y[2] * y[3];

    return (is_bare_layer(call) || is_pointwise(call)) && call->num_inputs == 3 &&
           call->in[2].dim[0] == 1 && sfm_plan_is_weight(plan, node->in[1]) &&
           sfm_plan_is_weight(plan, node->in[2]) && y[1] % 4 == 0 && y[0] * pixels <= MOST_PIXELS &&
           begins_aligned(plan->target, call);
}

static bool alike(const SfmNode *a, const SfmNode *b)
{
    return a->call.op == b->call.op && a->in[0] == b->in[0] &&
           sfm_shape_equal(a->call.in[1], b->call.in[1]);
}

// The calls from `first` on that are like it, as many as a block has room for: the
// weights are the most of it, and packing fills them up to at most twice.
static GArray *find_siblings(const SfmPlan *plan, guint first)
{
    GArray *siblings = g_array_new(false, false, sizeof(guint));
    const SfmCall *call = &call_at(plan, first)->call;
    const size_t size = sfm_shape_count(call->in[1]) + sfm_shape_count(call->out[0]);
    const size_t room = plan->target->max_block / sizeof(float) / 2 / size;

    for (guint i = first; i < plan->calls->len && siblings->len < room; i++) {
        const SfmNode *node = call_at(plan, i);
        if (can_stack(plan, node) && alike(node, call_at(plan, first)))
            g_array_append_val(siblings, i);
    }
    return siblings;
}

// Input `input` of the siblings, or their results where that is -1.
static SfmValue stack_values(SfmPlan *plan, const GArray *siblings, int input, SfmShape shape)
{
    GArray *members = g_array_new(false, false, sizeof(SfmValue));
    for (guint i = 0; i < siblings->len; i++) {
        const SfmNode *node = call_at(plan, g_array_index(siblings, guint, i));
        const SfmValue value = input < 0 ? node->out[0] : node->in[input];
        g_array_append_val(members, value);
    }
    return sfm_plan_add_stack(plan, shape, input >= 0, members);
}

static bool stack(SfmPlan *plan, guint first, const GArray *siblings)
{
    SfmNode whole = *call_at(plan, first);
    whole.call.in[1].dim[0] *= siblings->len;
    whole.call.in[2].dim[0] = siblings->len;
    if (!sfm_call_infer(&whole.call, NULL))
        return false; // more than can be counted

    whole.in[1] = stack_values(plan, siblings, 1, whole.call.in[1]);
    whole.in[2] = stack_values(plan, siblings, 2, whole.call.in[2]);
    whole.out[0] = stack_values(plan, siblings, -1, whole.call.out[0]);
    *call_at(plan, first) = whole;
    for (guint i = siblings->len; i-- > 1;)
        g_array_remove_index(plan->calls, g_array_index(siblings, guint, i));
    return true;
}

void sfm_plan_stack(SfmPlan *plan)
{
    for (guint i = 0; i < plan->calls->len; i++) {
        if (!can_stack(plan, call_at(plan, i)))
            continue;
        g_autoptr(GArray) siblings = find_siblings(plan, i);
        if (siblings->len > 1)
            stack(plan, i, siblings);
    }
}
