// SPDX-License-Identifier: GPL-3.0-or-later
//
// A value ends as early as it can: where the last of several calls that read it makes
// less than it is (the shortcut of a residual block, 128 channels of the 384 of a
// concatenation), that call goes to before the first of them. From then on only
// what it made must wait, and the next may overwrite the value.

#include "plan/passes.h"

static SfmNode *call_at(const SfmPlan *plan, guint i)
{
    return &g_array_index(plan->calls, SfmNode, i);
}

static bool reads(const SfmNode *node, SfmValue value)
{
    for (int k = 0; k < node->call.num_inputs; k++) {
        if (node->in[k] == value)
            return true;
    }
    return false;
}

static bool is_output(const SfmGraph *graph, SfmValue value)
{
    for (uint32_t i = 0; i < sfm_graph_num_outputs(graph); i++) {
        if (sfm_graph_output_at(graph, i) == value)
            return true;
    }
    return false;
}

// Whether all that it reads is its first input and weights.
static bool has_one_input(const SfmPlan *plan, const SfmNode *node)
{
    for (int k = 1; k < node->call.num_inputs; k++) {
        if (!sfm_plan_is_weight(plan, node->in[k]))
            return false;
    }
    return node->call.num_inputs > 0 && !sfm_plan_is_weight(plan, node->in[0]);
}

static bool makes_less(const SfmNode *node)
{
    return node->call.op->num_outputs == 1 &&
           sfm_shape_count(node->call.out[0]) < sfm_shape_count(node->call.in[0]);
}

static bool is_read_later(const SfmPlan *plan, guint i, SfmValue value)
{
    for (guint k = i + 1; k < plan->calls->len; k++) {
        if (reads(call_at(plan, k), value))
            return true;
    }
    return is_output(plan->graph, value);
}

static guint first_reader(const SfmPlan *plan, SfmValue value)
{
    guint i = 0;
    while (!reads(call_at(plan, i), value))
        i++;
    return i;
}

void sfm_plan_order(SfmPlan *plan)
{
    for (guint i = 0; i < plan->calls->len; i++) {
        const SfmNode node = *call_at(plan, i);
        if (!has_one_input(plan, &node) || !makes_less(&node) || is_read_later(plan, i, node.in[0]))
            continue;
        const guint before = first_reader(plan, node.in[0]);
        g_array_remove_index(plan->calls, i);
        g_array_insert_val(plan->calls, before, node);
    }
}
