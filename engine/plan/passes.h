// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_PLAN_PASSES_H
#define SFM_PLAN_PASSES_H

#include <glib.h>

#include "plan/plan.h"

#define SFM_NO_TENSOR UINT32_MAX

// Where a tensor lies within another one, which then is its place: a part of a
// concatenation, or what a step makes in the place of its input.
typedef struct {
    uint32_t tensor; // SFM_NO_TENSOR: it has a place of its own
    size_t offset;   // in bytes
} SfmPlanParent;

// A value beyond the graph's own: weights of several calls, or their results, one
// behind the other.
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

// Fills the list of calls: those of the graph that lead to an output.
void sfm_plan_collect(SfmPlan *plan);

// Orders them: what makes less of a value than it is goes to before its other readers.
void sfm_plan_order(SfmPlan *plan);

// Makes fewer of them: sums go into the convolutions before them.
void sfm_plan_fuse(SfmPlan *plan);

// And fewer again: layers and 1x1 convolutions of one value become one call.
void sfm_plan_stack(SfmPlan *plan);

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
