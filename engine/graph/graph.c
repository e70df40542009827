// SPDX-License-Identifier: GPL-3.0-or-later
//
// Values and nodes only ever grow, and a node refers to values that were there
// before it: the order in which a graph was built is an order in which it can
// run. The first failure sticks and everything after it is a no-op.

#include "graph/graph.h"

#include <stdarg.h>
#include <string.h>

struct SfmGraph {
    GArray *values;    // of SfmValueInfo; SfmValue v is element v - 1
    GPtrArray *nodes;  // of SfmNode
    GArray *outputs;   // of SfmValue
    GHashTable *named; // name -> SfmValue; names owned here
    GPtrArray *attrs;  // copies that the calls borrow
    GError *error;     // sticky
    bool placed;       // whether `error` says where already
};

SfmGraph *sfm_graph_new(void)
{
    SfmGraph *graph = g_new0(SfmGraph, 1);
    graph->values = g_array_new(false, false, sizeof(SfmValueInfo));
    graph->nodes = g_ptr_array_new_with_free_func(g_free);
    graph->outputs = g_array_new(false, false, sizeof(SfmValue));
    graph->named = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    graph->attrs = g_ptr_array_new_with_free_func(g_free);
    return graph;
}

void sfm_graph_free(SfmGraph *graph)
{
    if (!graph)
        return;
    g_array_unref(graph->values);
    g_ptr_array_unref(graph->nodes);
    g_array_unref(graph->outputs);
    g_hash_table_unref(graph->named);
    g_ptr_array_unref(graph->attrs);
    g_clear_error(&graph->error);
    g_free(graph);
}

static SfmValueInfo *value_info(const SfmGraph *graph, SfmValue value)
{
    g_assert(value > 0 && value <= graph->values->len);
    return &g_array_index(graph->values, SfmValueInfo, value - 1);
}

void sfm_graph_fail(SfmGraph *graph, SfmError code, const char *format, ...)
{
    if (graph->error)
        return;
    va_list args;
    va_start(args, format);
    graph->error = g_error_new_valist(SFM_ERROR, (int)code, format, args);
    va_end(args);
}

void sfm_graph_where(SfmGraph *graph, const char *where)
{
    if (!graph->error || graph->placed)
        return;
    g_prefix_error(&graph->error, "%s: ", where);
    graph->placed = true;
}

static SfmValue add_value(SfmGraph *graph, SfmValueKind kind, SfmShape shape)
{
    const SfmValueInfo info = { .kind = kind, .shape = shape };
    g_array_append_val(graph->values, info);
    return graph->values->len;
}

void sfm_graph_name(SfmGraph *graph, SfmValue value, const char *name)
{
    if (graph->error)
        return;
    char *owned = g_strdup(name);
    value_info(graph, value)->name = owned;
    g_hash_table_insert(graph->named, owned, GUINT_TO_POINTER(value));
}

// An input or a weight: a name stands for one value of one kind and shape.
static SfmValue add_named(SfmGraph *graph, SfmValueKind kind, const char *name, SfmShape shape)
{
    if (graph->error)
        return 0;

    const SfmValue known = sfm_graph_find(graph, name);
    if (known) {
        const SfmValueInfo *info = value_info(graph, known);
        if (info->kind == kind && sfm_shape_equal(info->shape, shape))
            return known;
        sfm_graph_fail(graph, SFM_ERROR_BAD_SHAPE, "'%s' is used with two shapes or as two things",
                       name);
        return 0;
    }

    const SfmValue value = add_value(graph, kind, shape);
    sfm_graph_name(graph, value, name);
    return value;
}

SfmValue sfm_graph_input(SfmGraph *graph, const char *name, SfmShape shape)
{
    return add_named(graph, SFM_VALUE_INPUT, name, shape);
}

SfmValue sfm_graph_weight(SfmGraph *graph, const char *name, SfmShape shape)
{
    return add_named(graph, SFM_VALUE_WEIGHT, name, shape);
}

static bool inputs_present(SfmGraph *graph, const SfmOp *op, int num_inputs, const SfmValue in[])
{
    if (num_inputs < op->min_inputs || num_inputs > op->max_inputs) {
        sfm_graph_fail(graph, SFM_ERROR_BAD_SHAPE, "%s: %d inputs, takes %d to %d", op->name,
                       num_inputs, op->min_inputs, op->max_inputs);
        return false;
    }
    for (int i = 0; i < num_inputs; i++) {
        if (in[i] == 0 || in[i] > graph->values->len) {
            sfm_graph_fail(graph, SFM_ERROR_BAD_SHAPE, "%s: input %d is missing", op->name, i);
            return false;
        }
    }
    return true;
}

static const void *copy_attrs(SfmGraph *graph, const SfmOp *op, const void *attrs)
{
    if (op->attrs_size == 0)
        return NULL;
    g_assert(attrs);
    void *copy = g_memdup2(attrs, op->attrs_size);
    g_ptr_array_add(graph->attrs, copy);
    return copy;
}

SfmValue sfm_graph_call(SfmGraph *graph, const SfmOp *op, const void *attrs, int num_inputs,
                        const SfmValue in[])
{
    if (graph->error || !inputs_present(graph, op, num_inputs, in))
        return 0;

    g_autofree SfmNode *node = g_new0(SfmNode, 1);
    node->call.op = op;
    node->call.attrs = copy_attrs(graph, op, attrs);
    node->call.num_inputs = num_inputs;
    for (int i = 0; i < num_inputs; i++) {
        node->in[i] = in[i];
        node->call.in[i] = value_info(graph, in[i])->shape;
    }
    if (!sfm_call_infer(&node->call, &graph->error))
        return 0;

    for (int i = 0; i < op->num_outputs; i++)
        node->out[i] = add_value(graph, SFM_VALUE_RESULT, node->call.out[i]);

    const SfmValue first = node->out[0];
    g_ptr_array_add(graph->nodes, g_steal_pointer(&node));
    return first;
}

void sfm_graph_output(SfmGraph *graph, SfmValue value)
{
    if (!graph->error)
        g_array_append_val(graph->outputs, value);
}

bool sfm_graph_check(SfmGraph *graph, GError **error)
{
    if (!graph->error)
        return true;
    g_propagate_error(error, g_error_copy(graph->error));
    return false;
}

SfmShape sfm_graph_shape(const SfmGraph *graph, SfmValue value)
{
    return value ? value_info(graph, value)->shape : (SfmShape){ { 0 } };
}

const SfmValueInfo *sfm_graph_value(const SfmGraph *graph, SfmValue value)
{
    return value_info(graph, value);
}

SfmValue sfm_graph_find(const SfmGraph *graph, const char *name)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(graph->named, name));
}

uint32_t sfm_graph_num_values(const SfmGraph *graph)
{
    return graph->values->len;
}

uint32_t sfm_graph_num_nodes(const SfmGraph *graph)
{
    return graph->nodes->len;
}

const SfmNode *sfm_graph_node(const SfmGraph *graph, uint32_t i)
{
    g_assert(i < graph->nodes->len);
    return graph->nodes->pdata[i];
}

uint32_t sfm_graph_num_outputs(const SfmGraph *graph)
{
    return graph->outputs->len;
}

SfmValue sfm_graph_output_at(const SfmGraph *graph, uint32_t i)
{
    g_assert(i < graph->outputs->len);
    return g_array_index(graph->outputs, SfmValue, i);
}
