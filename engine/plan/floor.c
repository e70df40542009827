// SPDX-License-Identifier: GPL-3.0-or-later
//
// How small an arena could be at best: whatever the offsets, the tensors that live
// at one step lie beside each other.

#include "plan/passes.h"

// Parts of a concatenation are counted in place of the whole, which is none but
// them: until a part is made, its place is free for others.
static bool *find_wholes(const SfmPlan *plan)
{
    bool *whole = g_new0(bool, plan->tensors->len + 1);

    for (guint i = 0; i < plan->parents->len; i++) {
        const SfmPlanParent *parent = &g_array_index(plan->parents, SfmPlanParent, i);
        if (parent->tensor != SFM_NO_TENSOR)
            whole[parent->tensor] = true;
    }
    return whole;
}

// A part lives as long as the whole does.
static uint32_t last_use(const SfmPlan *plan, uint32_t tensor)
{
    size_t offset;
    const SfmPlanTensor *root = sfm_plan_tensor(plan, sfm_plan_root(plan, tensor, &offset));

    return MAX(root->last, sfm_plan_tensor(plan, tensor)->last);
}

size_t sfm_plan_arena_floor(const SfmPlan *plan)
{
    const uint32_t num_steps = plan->steps->len + 1; // the outputs live behind the last one
    g_autofree bool *whole = find_wholes(plan);
    g_autofree size_t *living = g_new0(size_t, num_steps); // bytes at each step
    size_t most = 0;

    for (uint32_t i = 0; i < plan->tensors->len; i++) {
        const SfmPlanTensor *t = sfm_plan_tensor(plan, i);
        if (t->block < 0 || whole[i] || t->first > t->last)
            continue;
        for (uint32_t s = t->first; s <= last_use(plan, i); s++)
            living[s] += t->size;
    }
    for (uint32_t s = 0; s < num_steps; s++)
        most = MAX(most, living[s]);
    return most;
}
