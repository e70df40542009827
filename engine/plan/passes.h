// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_PLAN_PASSES_H
#define SFM_PLAN_PASSES_H

#include <glib.h>

#include "plan/plan.h"

#define SFM_NO_TENSOR UINT32_MAX

// A plan is made in passes, in the order of the functions below: from the graph's calls
// to a list of calls, to steps and tensors, to places in memory. Each pass changes the
// plan in place and relies on those before it.

// A tensor need not have memory of its own: it may lie within that of another, as a part
// of a concatenation does, or the output of a step that overwrites its input.
typedef struct {
    uint32_t tensor; // SFM_NO_TENSOR: it has a place of its own
    size_t offset;   // in bytes
} SfmPlanParent;

// A value that the graph does not have: several of its weights, or of its results, one
// behind the other, so that one call does the work of several.
typedef struct {
    SfmShape shape;
    bool weight;
    GArray *members; // of SfmValue, the graph's; all of one size
} SfmPlanStack;

struct SfmPlan {
    const SfmGraph *graph;    // borrowed
    const SfmTarget *target;  // borrowed
    GArray *calls;            // of SfmNode: what is to run, in order
    GPtrArray *attrs;         // of those calls that the graph does not have
    GArray *stacks;           // of SfmPlanStack: the values behind the graph's last
    GArray *steps;            // of SfmPlanStep
    GArray *tensors;          // of SfmPlanTensor
    GArray *parents;          // of SfmPlanParent, beside `tensors`
    GArray *inputs, *outputs; // of indices of tensors
    GArray *blocks;           // of size_t: bytes of each block
};

// Fills `calls` with those of the graph that some output needs.
void sfm_plan_collect(SfmPlan *plan);

// Puts the last of several readers of a value before the others if it makes less than
// the value is: then that alone waits for its reader, and the value can end earlier.
void sfm_plan_order(SfmPlan *plan);

// Makes additions a part of the convolution whose result they add to: fewer calls.
void sfm_plan_fuse(SfmPlan *plan);

// Makes one call of several layers, or 1x1 convolutions, that read the same value.
void sfm_plan_stack(SfmPlan *plan);

// And again: a group norm goes into the convolution that alone reads it, where the kernel
// of that says that there is one for both.
void sfm_plan_fuse_norms(SfmPlan *plan);

// Makes a stack and returns its value. Takes ownership of `members`.
SfmValue sfm_plan_add_stack(SfmPlan *plan, SfmShape shape, bool weight, GArray *members);

// The stack that a value is; NULL: it is the graph's.
const SfmPlanStack *sfm_plan_find_stack(const SfmPlan *plan, SfmValue value);

uint32_t sfm_plan_num_values(const SfmPlan *plan); // values are 1 .. this
SfmShape sfm_plan_value_shape(const SfmPlan *plan, SfmValue value);
bool sfm_plan_is_weight(const SfmPlan *plan, SfmValue value);

// Fills steps and tensors: a kernel for every call, and a relayout wherever a
// kernel reads another layout than there is. Block -1 for weights, 0 for the
// rest, no offsets yet.
bool sfm_plan_lower(SfmPlan *plan, GError **error);

// Drops concatenations whose inputs can be made where the result lies.
void sfm_plan_join(SfmPlan *plan);

// Lets a step make its output where an input lies that ends with it, if the
// kernel can.
void sfm_plan_overwrite(SfmPlan *plan);

// Sets each tensor's `first` and `last` step. The whole lives while its parts do.
void sfm_plan_count_lifetimes(SfmPlan *plan);

// Memory that is taken for a while: of a tensor, or of a part of one. A step has two
// moments, 2 i and 2 i + 1: at the first it reads what its kernel reads before it
// writes, at the second it writes, and at either it may do all else.
typedef struct {
    uint32_t root;        // the tensor that has a place of its own
    size_t offset, size;  // in bytes, from the start of that
    uint32_t first, last; // moments
} SfmPlanArea;

// All there is of the arena's tensors, when lifetimes are counted: an array of
// SfmPlanArea, which the caller then owns.
GArray *sfm_plan_areas(const SfmPlan *plan);

// Counts lifetimes and gives every tensor and scratch space its block and offset.
bool sfm_plan_place(SfmPlan *plan, GError **error);

bool sfm_plan_is_input(const SfmPlan *plan, uint32_t tensor); // of the graph

// The tensor whose place `tensor` shares, and how far within.
uint32_t sfm_plan_root(const SfmPlan *plan, uint32_t tensor, size_t *offset);

#endif
