// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/passes.h"

// Which tensors take memory of their own. A result made in its input's place shares
// that one's, so that only the input counts; a whole that is made of parts is counted
// through them, each from when it is made, so that until then its place is free.
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

GArray *sfm_plan_areas(const SfmPlan *plan)
{
    GArray *areas = g_array_new(false, false, sizeof(SfmPlanArea));
    g_autofree bool *counted = find_counted(plan);

    for (uint32_t i = 0; i < plan->tensors->len; i++) {
        const SfmPlanTensor *t = sfm_plan_tensor(plan, i);
        SfmPlanArea area = { .size = t->size, .first = t->first, .last = last_use(plan, i) };
        area.root = sfm_plan_root(plan, i, &area.offset);
        if (counted[i] && t->first <= t->last)
            g_array_append_val(areas, area);
    }
    return areas;
}
