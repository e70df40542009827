// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/passes.h"

static bool leads_to(const SfmNode *node, const bool *wanted)
{
    for (int i = 0; i < node->call.op->num_outputs; i++) {
        if (wanted[node->out[i]])
            return true;
    }
    return false;
}

void sfm_plan_collect(SfmPlan *plan)
{
    const SfmGraph *graph = plan->graph;
    const uint32_t num_nodes = sfm_graph_num_nodes(graph);
    g_autofree bool *wanted = g_new0(bool, sfm_graph_num_values(graph) + 1);

    for (uint32_t i = 0; i < sfm_graph_num_outputs(graph); i++)
        wanted[sfm_graph_output_at(graph, i)] = true;
    for (uint32_t n = num_nodes; n-- > 0;) {
        const SfmNode *node = sfm_graph_node(graph, n);
        for (int i = 0; leads_to(node, wanted) && i < node->call.num_inputs; i++)
            wanted[node->in[i]] = true;
    }
    for (uint32_t n = 0; n < num_nodes; n++) {
        const SfmNode *node = sfm_graph_node(graph, n);
        if (leads_to(node, wanted))
            g_array_append_vals(plan->calls, node, 1);
    }
}
