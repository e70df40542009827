// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_PLAN_PASSES_H
#define SFM_PLAN_PASSES_H

#include <glib.h>

#include "plan/plan.h"

#define SFM_NO_TENSOR UINT32_MAX

// Where a tensor lies within another one, which then is its place.
typedef struct {
    uint32_t tensor; // SFM_NO_TENSOR: it has a place of its own
    size_t offset;   // in bytes
} SfmPlanParent;

struct SfmPlan {
    const SfmGraph *graph;    // borrowed
    const SfmTarget *target;  // borrowed
    GArray *steps;            // of SfmPlanStep
    GArray *tensors;          // of SfmPlanTensor
    GArray *parents;          // of SfmPlanParent, beside `tensors`
    GArray *inputs, *outputs; // of indices of tensors
    GArray *blocks;           // of size_t: bytes of each block
};

// Fills steps and tensors: a kernel for every call that leads to an output, and
// a relayout wherever a kernel reads another layout than there is. Block -1
// for weights, 0 for the rest, no offsets yet.
bool sfm_plan_lower(SfmPlan *plan, GError **error);

// Drops concatenations whose inputs can be made where the result lies.
void sfm_plan_join(SfmPlan *plan);

// Counts lifetimes and gives every tensor and scratch space its block and offset.
bool sfm_plan_place(SfmPlan *plan, GError **error);

// The tensor whose place `tensor` shares, and how far within.
uint32_t sfm_plan_root(const SfmPlan *plan, uint32_t tensor, size_t *offset);

#endif
