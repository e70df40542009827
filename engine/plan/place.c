// SPDX-License-Identifier: GPL-3.0-or-later
//
// Offsets: largest first, each at the lowest free place among those that live at
// the same time (greedy by size: Pisarchyk & Lee, arXiv:2001.03288, which finds it
// within a few per cent of the lower bound for networks like ours).

#include "plan/passes.h"

// A stretch of memory that is taken from step `first` to step `last`.
typedef struct {
    size_t size, offset;
    uint32_t first, last;
    int block;      // -1: not placed yet
    uint32_t owner; // a tensor, or a step's scratch behind the tensors
} Span;

static void live_at(SfmPlan *plan, uint32_t tensor, uint32_t step)
{
    SfmPlanTensor *t = &g_array_index(plan->tensors, SfmPlanTensor, tensor);
    t->first = MIN(t->first, step);
    t->last = MAX(t->last, step);
}

// A tensor lives at the steps that touch it, and a parent while its parts do.
static void touch(SfmPlan *plan, uint32_t tensor, uint32_t step)
{
    size_t offset;
    live_at(plan, tensor, step);
    live_at(plan, sfm_plan_root(plan, tensor, &offset), step);
}

// What is stacked is made at once: lower.c puts its tensors behind the whole.
static void touch_result(SfmPlan *plan, uint32_t tensor, uint32_t step)
{
    const SfmPlanStack *stack = sfm_plan_find_stack(plan, sfm_plan_tensor(plan, tensor)->value);

    touch(plan, tensor, step);
    for (guint i = 1; stack && i <= stack->members->len; i++)
        live_at(plan, tensor + i, step);
}

void sfm_plan_count_lifetimes(SfmPlan *plan)
{
    for (guint i = 0; i < plan->tensors->len; i++) {
        SfmPlanTensor *t = &g_array_index(plan->tensors, SfmPlanTensor, i);
        t->first = UINT32_MAX;
        t->last = 0;
    }
    for (guint i = 0; i < plan->inputs->len; i++)
        touch(plan, sfm_plan_input(plan, i), 0);
    for (guint i = 0; i < plan->steps->len; i++) {
        const SfmPlanStep *step = sfm_plan_step(plan, i);
        for (int k = 0; k < step->call.num_inputs; k++)
            touch(plan, step->in[k], i);
        for (int k = 0; k < step->call.op->num_outputs; k++)
            touch_result(plan, step->out[k], i);
    }
    for (guint i = 0; i < plan->outputs->len; i++)
        touch(plan, sfm_plan_output(plan, i), plan->steps->len);
}

static GArray *collect_spans(const SfmPlan *plan)
{
    GArray *spans = g_array_new(false, false, sizeof(Span));
    for (guint i = 0; i < plan->tensors->len; i++) {
        const SfmPlanTensor *t = sfm_plan_tensor(plan, i);
        size_t offset;
        if (t->block < 0 || sfm_plan_root(plan, i, &offset) != i)
            continue;
        const Span span = { t->size, 0, t->first, t->last, -1, i };
        g_array_append_val(spans, span);
    }
    for (guint i = 0; i < plan->steps->len; i++) {
        const size_t size = sfm_plan_step(plan, i)->scratch_size;
        const Span span = { size, 0, i, i, -1, plan->tensors->len + i };
        if (size > 0)
            g_array_append_val(spans, span);
    }
    return spans;
}

static gint larger_first(gconstpointer a, gconstpointer b)
{
    const Span *x = a, *y = b;
    if (x->size != y->size)
        return x->size > y->size ? -1 : 1;
    return x->owner < y->owner ? -1 : 1;
}

static gint lower_first(gconstpointer a, gconstpointer b)
{
    const Span *x = a, *y = b;
    return x->offset < y->offset ? -1 : x->offset > y->offset;
}

// The lowest offset in `block` where `span` overlaps none of those placed that
// live at the same time.
static size_t lowest_gap(const GArray *placed, int block, const Span *span, size_t alignment)
{
    g_autoptr(GArray) rivals = g_array_new(false, false, sizeof(Span));
    for (guint i = 0; i < placed->len; i++) {
        const Span *other = &g_array_index(placed, Span, i);
        if (other->block == block && other->first <= span->last && span->first <= other->last)
            g_array_append_vals(rivals, other, 1);
    }
    g_array_sort(rivals, lower_first);

    size_t offset = 0;
    for (guint i = 0; i < rivals->len; i++) {
        const Span *rival = &g_array_index(rivals, Span, i);
        if (offset + span->size <= rival->offset)
            break;
        const size_t end = rival->offset + rival->size;
        offset = MAX(offset, (end + alignment - 1) / alignment * alignment);
    }
    return offset;
}

static bool place_span(SfmPlan *plan, GArray *placed, Span *span, GError **error)
{
    const SfmTarget *target = plan->target;
    if (span->size > target->max_block)
        return sfm_fail(error, SFM_ERROR_NO_MEMORY,
                        "a tensor of %zu bytes is larger than the %zu that %s can address",
                        span->size, target->max_block, target->name);

    for (int block = 0;; block++) {
        if (block == (int)plan->blocks->len) {
            const size_t empty = 0;
            g_array_append_val(plan->blocks, empty);
        }
        const size_t offset = lowest_gap(placed, block, span, target->alignment);
        if (offset + span->size > target->max_block)
            continue;

        size_t *block_size = &g_array_index(plan->blocks, size_t, block);
        *block_size = MAX(*block_size, offset + span->size);
        span->block = block;
        span->offset = offset;
        g_array_append_vals(placed, span, 1);
        return true;
    }
}

static void hand_out(SfmPlan *plan, const Span *span)
{
    if (span->owner < plan->tensors->len) {
        SfmPlanTensor *t = &g_array_index(plan->tensors, SfmPlanTensor, span->owner);
        t->block = span->block;
        t->offset = span->offset;
    } else {
        const guint i = span->owner - plan->tensors->len;
        SfmPlanStep *step = &g_array_index(plan->steps, SfmPlanStep, i);
        step->scratch_block = span->block;
        step->scratch_offset = span->offset;
    }
}

// Parts lie where their root lies.
static void place_parts(SfmPlan *plan)
{
    for (guint i = 0; i < plan->tensors->len; i++) {
        size_t offset;
        const uint32_t root = sfm_plan_root(plan, i, &offset);
        if (root == i)
            continue;
        const SfmPlanTensor *whole = sfm_plan_tensor(plan, root);
        SfmPlanTensor *part = &g_array_index(plan->tensors, SfmPlanTensor, i);
        part->block = whole->block;
        part->offset = whole->offset + offset;
    }
}

bool sfm_plan_place(SfmPlan *plan, GError **error)
{
    sfm_plan_count_lifetimes(plan);

    g_autoptr(GArray) spans = collect_spans(plan);
    g_autoptr(GArray) placed = g_array_new(false, false, sizeof(Span));
    g_array_sort(spans, larger_first);
    for (guint i = 0; i < spans->len; i++) {
        Span *span = &g_array_index(spans, Span, i);
        if (!place_span(plan, placed, span, error))
            return false;
        hand_out(plan, span);
    }
    place_parts(plan);
    return true;
}
