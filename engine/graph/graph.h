// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_GRAPH_GRAPH_H
#define SFM_GRAPH_GRAPH_H

#include <glib.h>

#include "graph/op.h"

// A network as data: values and the calls that make them, in an order in which
// they can run. Built once by nets/, read by plan/. Not thread-safe.
typedef struct SfmGraph SfmGraph;

// A tensor in a graph: its index plus one. 0 is no tensor.
typedef uint32_t SfmValue;

typedef enum {
    SFM_VALUE_INPUT,  // given anew for each run
    SFM_VALUE_WEIGHT, // given once, by name
    SFM_VALUE_RESULT, // made by a call
} SfmValueKind;

typedef struct {
    SfmValueKind kind;
    SfmShape shape;
    const char *name; // owned by the graph; NULL: a result without one
} SfmValueInfo;

typedef struct {
    SfmCall call;
    SfmValue in[SFM_MAX_INPUTS]; // call.num_inputs of them
    SfmValue out[SFM_MAX_OUTPUTS];
} SfmNode;

SfmGraph *sfm_graph_new(void);

// NULL is a no-op.
void sfm_graph_free(SfmGraph *graph);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SfmGraph, sfm_graph_free)

// Names are copied. Inputs and weights have names of their own each; asking
// again for a weight of the same name and shape gives the same value.
SfmValue sfm_graph_input(SfmGraph *graph, const char *name, SfmShape shape);
SfmValue sfm_graph_weight(SfmGraph *graph, const char *name, SfmShape shape);

// Appends a call and returns its first output; the second, if there is one, is
// the value behind it. `attrs` is copied (op->attrs_size bytes); NULL where the
// op has none.
//
// The first failure sticks: from then on this returns 0 and does nothing, so
// that a builder reads as the network does and looks once, at its end, with
// sfm_graph_check(). A 0 among the inputs is such a failure, passed on.
SfmValue sfm_graph_call(SfmGraph *graph, const SfmOp *op, const void *attrs, int num_inputs,
                        const SfmValue in[]);

// Prefixes the sticky failure's message, if there is one by now and had not been
// when `where` was last given: "down_blocks.1.attentions.0: conv2d: ...".
void sfm_graph_where(SfmGraph *graph, const char *where);

// Makes the graph fail, from a builder: as sfm_fail(), but sticky.
void sfm_graph_fail(SfmGraph *graph, SfmError code, const char *format, ...) G_GNUC_PRINTF(3, 4);

// Names a result, for tests and for the benchmark's table.
void sfm_graph_name(SfmGraph *graph, SfmValue value, const char *name);

// Makes a value an output of the whole graph, in the order of these calls.
void sfm_graph_output(SfmGraph *graph, SfmValue value);

// Whether all went well; if not, hands over the failure that stuck.
bool sfm_graph_check(SfmGraph *graph, GError **error);

SfmShape sfm_graph_shape(const SfmGraph *graph, SfmValue value); // zeroes for 0
const SfmValueInfo *sfm_graph_value(const SfmGraph *graph, SfmValue value);
SfmValue sfm_graph_find(const SfmGraph *graph, const char *name); // 0: none
uint32_t sfm_graph_num_values(const SfmGraph *graph);             // values are 1 .. this

uint32_t sfm_graph_num_nodes(const SfmGraph *graph);
const SfmNode *sfm_graph_node(const SfmGraph *graph, uint32_t i);

uint32_t sfm_graph_num_outputs(const SfmGraph *graph);
SfmValue sfm_graph_output_at(const SfmGraph *graph, uint32_t i);

#endif
