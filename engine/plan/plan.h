// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_PLAN_PLAN_H
#define SFM_PLAN_PLAN_H

#include "graph/graph.h"
#include "plan/kernel.h"

// A graph made ready to run: which kernel runs each call, in which order, and
// where each tensor lies. Pure data, made without a GPU.
typedef struct SfmPlan SfmPlan;

// A tensor of the plan. Weights have no place in the arena (block -1): the
// runner keeps them, packed, for as long as the program lives.
typedef struct {
    SfmValue value; // of the graph, or beyond them, of several stacked; a relayout makes a second
                    // tensor of one value
    SfmShape shape;
    SfmLayout layout;
    int block;            // which piece of the arena; -1: a weight
    size_t offset;        // in bytes from the block's start
    size_t size;          // in bytes
    uint32_t first, last; // the steps that make it and use it last
} SfmPlanTensor;

typedef struct {
    SfmCall call;
    const SfmKernel *kernel;
    uint32_t in[SFM_MAX_INPUTS]; // indices of tensors; call.num_inputs of them
    uint32_t out[SFM_MAX_OUTPUTS];
    int scratch_block; // -1: none
    size_t scratch_offset, scratch_size;
    double estimate; // milliseconds
} SfmPlanStep;

// The graph is borrowed and must outlive the plan; it has passed
// sfm_graph_check(). Calls that lead to no output are dropped. NULL, with
// `error` set: no kernel for an op, or a tensor larger than a block.
SfmPlan *sfm_plan_new(const SfmGraph *graph, const SfmTarget *target, GError **error);

// NULL is a no-op.
void sfm_plan_free(SfmPlan *plan);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SfmPlan, sfm_plan_free)

uint32_t sfm_plan_num_steps(const SfmPlan *plan);
const SfmPlanStep *sfm_plan_step(const SfmPlan *plan, uint32_t i);

uint32_t sfm_plan_num_tensors(const SfmPlan *plan);
const SfmPlanTensor *sfm_plan_tensor(const SfmPlan *plan, uint32_t i);

// The graph's weights that lie in a tensor of block -1, one behind the other: one,
// unless calls were stacked.
uint32_t sfm_plan_num_weights(const SfmPlan *plan, uint32_t tensor);
const SfmValueInfo *sfm_plan_weight(const SfmPlan *plan, uint32_t tensor, uint32_t i);

// The graph's inputs, in their order there, and its outputs: indices of
// tensors, all in the plain layout.
uint32_t sfm_plan_num_inputs(const SfmPlan *plan);
uint32_t sfm_plan_input(const SfmPlan *plan, uint32_t i);
uint32_t sfm_plan_num_outputs(const SfmPlan *plan);
uint32_t sfm_plan_output(const SfmPlan *plan, uint32_t i);

// The arena: how many blocks, and the bytes of each and of all.
int sfm_plan_num_blocks(const SfmPlan *plan);
size_t sfm_plan_block_size(const SfmPlan *plan, int block);
size_t sfm_plan_arena_size(const SfmPlan *plan);

// Bytes below which no arena for these steps can be, in any arrangement: the
// largest sum of the tensors that live at one moment. Without scratch space, which
// is a kernel's choice.
size_t sfm_plan_arena_floor(const SfmPlan *plan);

// Sums over the steps.
SfmCost sfm_plan_cost(const SfmPlan *plan);
double sfm_plan_estimate(const SfmPlan *plan); // milliseconds

const SfmGraph *sfm_plan_graph(const SfmPlan *plan);

// The kernels of its calls that are not the usual ones: those choices of
// its target that made a difference. The caller owns them.
SfmChoices *sfm_plan_choices(const SfmPlan *plan);

#endif
