// SPDX-License-Identifier: GPL-3.0-or-later
//
// Offsets: largest first, each at the lowest place that is free while its areas are
// taken (greedy by size: Pisarchyk & Lee, arXiv:2001.03288, which finds it within a
// few per cent of the lower bound for networks like ours). What will be a part of a
// concatenation leaves the rest of that to others until it is made.

#include "plan/passes.h"

// What gets a place: a tensor, or a step's scratch, whose number is behind theirs.
typedef struct {
    size_t size, offset;
    int block; // -1: not placed yet
    uint32_t owner;
    GArray *areas; // of SfmPlanArea: owned by the list of spans
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

static void clear_span(gpointer span)
{
    g_array_unref(((Span *)span)->areas);
}

static Span *add_span(GArray *spans, uint32_t owner, size_t size)
{
    const Span span = {
        .size = size,
        .block = -1,
        .owner = owner,
        .areas = g_array_new(false, false, sizeof(SfmPlanArea)),
    };
    g_array_append_val(spans, span);
    return &g_array_index(spans, Span, spans->len - 1);
}

static GArray *collect_spans(const SfmPlan *plan)
{
    GArray *spans = g_array_new(false, false, sizeof(Span));
    g_autoptr(GArray) areas = sfm_plan_areas(plan);
    g_autofree guint *span_of = g_new0(guint, plan->tensors->len + 1);
    size_t offset;

    g_array_set_clear_func(spans, clear_span);
    for (guint i = 0; i < plan->tensors->len; i++) {
        const SfmPlanTensor *t = sfm_plan_tensor(plan, i);
        span_of[i] = spans->len;
        if (t->block >= 0 && sfm_plan_root(plan, i, &offset) == i)
            add_span(spans, i, t->size);
    }
    for (guint i = 0; i < areas->len; i++) {
        const SfmPlanArea *area = &g_array_index(areas, SfmPlanArea, i);
        g_array_append_vals(g_array_index(spans, Span, span_of[area->root]).areas, area, 1);
    }
    for (guint i = 0; i < plan->steps->len; i++) {
        const SfmPlanArea area = { .size = sfm_plan_step(plan, i)->scratch_size,
                                   .first = 2 * i,
                                   .last = 2 * i + 1 };
        if (area.size > 0)
            g_array_append_val(add_span(spans, plan->tensors->len + i, area.size)->areas, area);
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

// Moves `offset` of a span up until none of its areas is where one of `other`,
// which has its place, is at the same time. Whether it had to move.
static bool evade(const Span *span, size_t *offset, const Span *other, size_t alignment)
{
    const size_t was = *offset;
    for (guint i = 0; i < span->areas->len; i++) {
        const SfmPlanArea *a = &g_array_index(span->areas, SfmPlanArea, i);
        for (guint k = 0; k < other->areas->len; k++) {
            const SfmPlanArea *b = &g_array_index(other->areas, SfmPlanArea, k);
            const size_t start = other->offset + b->offset, end = start + b->size;
            if (a->first <= b->last && b->first <= a->last && *offset + a->offset < end &&
                start < *offset + a->offset + a->size)
                *offset = (end - a->offset + alignment - 1) / alignment * alignment;
        }
    }
    return *offset != was;
}

// The lowest offset in `block` where `span` is in nobody's way.
static size_t lowest_gap(const GArray *spans, int block, const Span *span, size_t alignment)
{
    size_t offset = 0;
    bool moved = true;

    while (moved) {
        moved = false;
        for (guint i = 0; i < spans->len; i++) {
            const Span *other = &g_array_index(spans, Span, i);
            if (other->block == block && evade(span, &offset, other, alignment))
                moved = true;
        }
    }
    return offset;
}

static bool place_span(SfmPlan *plan, const GArray *spans, Span *span, GError **error)
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
        const size_t offset = lowest_gap(spans, block, span, target->alignment);
        if (offset + span->size > target->max_block)
            continue;

        size_t *block_size = &g_array_index(plan->blocks, size_t, block);
        *block_size = MAX(*block_size, offset + span->size);
        span->block = block;
        span->offset = offset;
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
    g_array_sort(spans, larger_first);
    for (guint i = 0; i < spans->len; i++) {
        Span *span = &g_array_index(spans, Span, i);
        if (!place_span(plan, spans, span, error))
            return false;
        hand_out(plan, span);
    }
    place_parts(plan);
    return true;
}
