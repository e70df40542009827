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

// The inputs of a step that its kernel reads before it writes.
static uint32_t first_read(const SfmPlanStep *step)
{
    return step->kernel->reads_first ? step->kernel->reads_first(&step->call) : 0;
}

// The moment from which on a tensor is there.
static uint32_t beginning(const SfmPlan *plan, uint32_t tensor)
{
    const uint32_t first = sfm_plan_tensor(plan, tensor)->first;
    const bool late = first < plan->steps->len && !sfm_plan_is_input(plan, tensor) &&
                      first_read(sfm_plan_step(plan, first)) != 0;

    return 2 * first + late;
}

// Whether the step reads something of `root` while, or after, it writes.
static bool reads_late(const SfmPlan *plan, const SfmPlanStep *step, uint32_t root)
{
    const uint32_t early = first_read(step);
    size_t offset;

    for (int k = 0; k < step->call.num_inputs; k++) {
        if (!(early >> k & 1) && sfm_plan_root(plan, step->in[k], &offset) == root)
            return true;
    }
    return false;
}

static bool writes(const SfmPlan *plan, const SfmPlanStep *step, uint32_t root)
{
    size_t offset;

    for (int k = 0; k < step->call.op->num_outputs; k++) {
        if (sfm_plan_root(plan, step->out[k], &offset) == root)
            return true;
    }
    return false;
}

// The moment of its last use. A part lives as long as the whole does.
static uint32_t end(const SfmPlan *plan, uint32_t tensor, uint32_t root)
{
    const uint32_t last =
        MAX(sfm_plan_tensor(plan, root)->last, sfm_plan_tensor(plan, tensor)->last);
    if (last == plan->steps->len)
        return 2 * last;
    const SfmPlanStep *step = sfm_plan_step(plan, last);

    return 2 * last + (reads_late(plan, step, root) || writes(plan, step, root));
}

GArray *sfm_plan_areas(const SfmPlan *plan)
{
    GArray *areas = g_array_new(false, false, sizeof(SfmPlanArea));
    g_autofree bool *counted = find_counted(plan);

    for (uint32_t i = 0; i < plan->tensors->len; i++) {
        const SfmPlanTensor *t = sfm_plan_tensor(plan, i);
        if (!counted[i] || t->first > t->last)
            continue;
        SfmPlanArea area = { .size = t->size, .first = beginning(plan, i) };
        area.root = sfm_plan_root(plan, i, &area.offset);
        area.last = end(plan, i, area.root);
        g_array_append_val(areas, area);
    }
    return areas;
}
