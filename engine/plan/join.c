// SPDX-License-Identifier: GPL-3.0-or-later
//
// The best concatenation is none: where the channels of `a` and `b` lie side by
// side in their concatenation y, both are made there at once. That is so for a
// single image: in a batch, each image of y holds its part of both. It costs
// arena, because y's place is taken from the moment the first part is made.

#include "plan/passes.h"

uint32_t sfm_plan_root(const SfmPlan *plan, uint32_t tensor, size_t *offset)
{
    *offset = 0;
    for (;;) {
        const SfmPlanParent *parent = &g_array_index(plan->parents, SfmPlanParent, tensor);
        if (parent->tensor == SFM_NO_TENSOR)
            return tensor;
        *offset += parent->offset;
        tensor = parent->tensor;
    }
}

bool sfm_plan_is_input(const SfmPlan *plan, uint32_t tensor)
{
    for (guint i = 0; i < plan->inputs->len; i++) {
        if (g_array_index(plan->inputs, uint32_t, i) == tensor)
            return true;
    }
    return false;
}

static bool can_move(const SfmPlan *plan, uint32_t tensor)
{
    const SfmPlanParent *parent = &g_array_index(plan->parents, SfmPlanParent, tensor);
    return parent->tensor == SFM_NO_TENSOR && sfm_plan_tensor(plan, tensor)->block == 0 &&
           !sfm_plan_is_input(plan, tensor);
}

// Whether the bytes of y are those of a, followed by those of b (no pad channels
// between them), and b starts where a binding may start.
static bool side_by_side(const SfmPlan *plan, const SfmPlanStep *step)
{
    const SfmPlanTensor *a = sfm_plan_tensor(plan, step->in[0]);
    const SfmPlanTensor *b = sfm_plan_tensor(plan, step->in[1]);
    const SfmPlanTensor *y = sfm_plan_tensor(plan, step->out[0]);

    return y->shape.dim[0] == 1 && sfm_layout_splits(y->layout, y->shape) &&
           (y->layout == SFM_LAYOUT_PLAIN || a->shape.dim[1] % 4 == 0) && a->layout == y->layout &&
           b->layout == y->layout && a->size + b->size == y->size &&
           a->size % plan->target->alignment == 0;
}

static bool join(SfmPlan *plan, const SfmPlanStep *step)
{
    const uint32_t a = step->in[0], b = step->in[1];
    if (a == b || !can_move(plan, a) || !can_move(plan, b) || !side_by_side(plan, step))
        return false;

    SfmPlanParent *parents = (SfmPlanParent *)(void *)plan->parents->data;
    parents[a] = (SfmPlanParent){ step->out[0], 0 };
    parents[b] = (SfmPlanParent){ step->out[0], sfm_plan_tensor(plan, a)->size };
    return true;
}

void sfm_plan_join(SfmPlan *plan)
{
    for (guint i = 0; i < plan->steps->len;) {
        const SfmPlanStep *step = sfm_plan_step(plan, i);
        if (g_str_equal(step->call.op->name, "concat") && join(plan, step))
            g_array_remove_index(plan->steps, i);
        else
            i++;
    }
}
