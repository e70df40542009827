// SPDX-License-Identifier: GPL-3.0-or-later
//
// How small an arena could be at best: whatever the offsets, the tensors that live
// at one moment lie beside each other.

#include "plan/passes.h"

size_t sfm_plan_arena_floor(const SfmPlan *plan)
{
    const uint32_t moments = 2 * (plan->steps->len + 1); // the outputs live behind the last step
    g_autoptr(GArray) areas = sfm_plan_areas(plan);
    g_autofree size_t *living = g_new0(size_t, moments); // bytes at each
    size_t most = 0;

    for (guint i = 0; i < areas->len; i++) {
        const SfmPlanArea *area = &g_array_index(areas, SfmPlanArea, i);
        for (uint32_t at = area->first; at <= area->last; at++)
            living[at] += area->size;
    }
    for (uint32_t at = 0; at < moments; at++)
        most = MAX(most, living[at]);
    return most;
}
