// SPDX-License-Identifier: GPL-3.0-or-later
//
// How small an arena could be at best: whatever the offsets, the tensors that live
// at one step lie beside each other.

#include "plan/passes.h"

size_t sfm_plan_arena_floor(const SfmPlan *plan)
{
    const uint32_t num_steps = plan->steps->len + 1; // the outputs live behind the last one
    g_autoptr(GArray) areas = sfm_plan_areas(plan);
    g_autofree size_t *living = g_new0(size_t, num_steps); // bytes at each step
    size_t most = 0;

    for (guint i = 0; i < areas->len; i++) {
        const SfmPlanArea *area = &g_array_index(areas, SfmPlanArea, i);
        for (uint32_t step = area->first; step <= area->last; step++)
            living[step] += area->size;
    }
    for (uint32_t step = 0; step < num_steps; step++)
        most = MAX(most, living[step]);
    return most;
}
