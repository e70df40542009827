// SPDX-License-Identifier: GPL-3.0-or-later
//
// How small an arena could be at best: whatever the offsets, the tensors that live
// at one step lie beside each other.

#include "plan/passes.h"

// What is made where its step's input lay is counted with that, which lives on.
// Parts of a concatenation are counted in place of the whole, which is none but
// them: until a part is made, its place is free for others.
static bool *find_counted(const SfmPlan *plan)
{
    bool *counted = g_new0(bool, plan->tensors->len + 1);

    for (guint i = 0; i < plan->tensors->len; i++)
        counted[i] = sfm_plan_tensor(plan, i)->block >= 0;
    for (guint i = 0; i < plan->parents->len; i++) {
        const SfmPlanParent *parent = &g_array_index(plan->parents, SfmPlanParent, i);
        if (parent->tensor == SFM_NO_TENSOR)
            continue;
        const bool all =
            sfm_plan_tensor(plan, parent->tensor)->size == sfm_plan_tensor(plan, i)->size;
        counted[all ? i : parent->tensor] = false;
    }
    return counted;
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
    g_autofree bool *counted = find_counted(plan);
    g_autofree size_t *living = g_new0(size_t, num_steps); // bytes at each step
    size_t most = 0;

    for (uint32_t i = 0; i < plan->tensors->len; i++) {
        const SfmPlanTensor *t = sfm_plan_tensor(plan, i);
        if (!counted[i] || t->first > t->last)
            continue;
        for (uint32_t s = t->first; s <= last_use(plan, i); s++)
            living[s] += t->size;
    }
    for (uint32_t s = 0; s < num_steps; s++)
        most = MAX(most, living[s]);
    return most;
}
