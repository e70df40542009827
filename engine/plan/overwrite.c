// SPDX-License-Identifier: GPL-3.0-or-later
//
// A step that adds something to a tensor which nobody reads any more can put the
// result in its place: less memory, and what is written is in the cache already.

#include "plan/passes.h"

// Whether what shares memory with `tensor`, or another reading of it by the same
// step, would see that it was overwritten at step `i`.
static bool is_seen(const SfmPlan *plan, uint32_t tensor, uint32_t i)
{
    const SfmPlanStep *step = sfm_plan_step(plan, i);
    size_t offset;
    const uint32_t root = sfm_plan_root(plan, tensor, &offset);
    int reads = 0;

    for (uint32_t t = 0; t < plan->tensors->len; t++) {
        if (t != tensor && sfm_plan_tensor(plan, t)->last >= i &&
            sfm_plan_root(plan, t, &offset) == root)
            return true;
    }
    for (int k = 0; k < step->call.num_inputs; k++)
        reads += step->in[k] == tensor;
    return reads > 1;
}

static bool can_overwrite(const SfmPlan *plan, uint32_t i, uint32_t in, uint32_t out)
{
    const SfmPlanTensor *x = sfm_plan_tensor(plan, in), *y = sfm_plan_tensor(plan, out);

    return x->block == 0 && x->last == i && x->layout == y->layout &&
           sfm_shape_equal(x->shape, y->shape) &&
           g_array_index(plan->parents, SfmPlanParent, out).tensor == SFM_NO_TENSOR &&
           !is_seen(plan, in, i);
}

// The lifetimes are those before anything is overwritten, all through the pass.
void sfm_plan_overwrite(SfmPlan *plan)
{
    sfm_plan_count_lifetimes(plan);
    for (guint i = 0; i < plan->steps->len; i++) {
        const SfmPlanStep *step = sfm_plan_step(plan, i);
        for (int k = 0; k < step->call.num_inputs; k++) {
            const uint32_t in = step->in[k], out = step->out[0];
            if ((step->kernel->in_place >> k & 1) && can_overwrite(plan, i, in, out))
                g_array_index(plan->parents, SfmPlanParent, out) = (SfmPlanParent){ in, 0 };
        }
    }
}
