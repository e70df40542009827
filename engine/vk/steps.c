// SPDX-License-Identifier: GPL-3.0-or-later
#include "vk/steps.h"

#include <string.h>

#include "vk/compilers.h"

#define TEXEL_SIZE 16 // bytes of an rgba32f texel

typedef struct {
    SfmSteps *steps;
    SfmVkRunner *vk;
    const SfmPlan *plan;
} Making;

SfmRange sfm_steps_range(const SfmSteps *steps, const SfmPlanTensor *t)
{
    const SfmVkMemory *block = steps->blocks->pdata[t->block];
    return (SfmRange){ block->buffer, t->offset, t->size };
}

// All that a binding may be a part of.
static SfmRange whole_range(const Making *m, uint32_t s, const SfmVkBinding *binding)
{
    const SfmPlanStep *step = sfm_plan_step(m->plan, s);
    if (binding->kind == SFM_BIND_SCRATCH) {
        const SfmVkMemory *block = m->steps->blocks->pdata[step->scratch_block];
        return (SfmRange){ block->buffer, step->scratch_offset, step->scratch_size };
    }

    const bool input = binding->kind == SFM_BIND_INPUT;
    const uint32_t index = input ? step->in[binding->index] : step->out[binding->index];
    const SfmPlanTensor *tensor = sfm_plan_tensor(m->plan, index);
    if (tensor->block < 0)
        return sfm_vk_weights_range(&m->steps->weights, s, binding->index);
    return sfm_steps_range(m->steps, tensor);
}

// A texel buffer has whole texels: memory is padded to more than those.
static SfmRange resolve(const Making *m, uint32_t s, const SfmVkBinding *binding)
{
    SfmRange range = whole_range(m, s, binding);
    g_assert(binding->offset < range.size && binding->offset + binding->size <= range.size);

    range.offset += binding->offset;
    range.size = binding->size > 0 ? binding->size : range.size - binding->offset;
    if (binding->texel)
        range.size = (range.size + TEXEL_SIZE - 1) / TEXEL_SIZE * TEXEL_SIZE;
    return range;
}

static uint32_t texels_of(const SfmVkDispatch *d)
{
    uint32_t texels = 0;
    for (int i = 0; i < d->num_bindings; i++)
        texels |= (uint32_t)d->binding[i].texel << i;
    return texels;
}

// The shaders of all steps are compiled while the weights are loaded.
static bool want_pipelines(const Making *m, SfmCompilers *compilers, GError **error)
{
    for (uint32_t s = 0; s < sfm_plan_num_steps(m->plan); s++) {
        const SfmPlanStep *step = sfm_plan_step(m->plan, s);
        SfmVkDispatch d[SFM_MAX_DISPATCHES];
        const int count = sfm_vk_kernel(step->kernel)->dispatches(&step->call, d);
        for (int i = 0; i < count; i++) {
            if (!sfm_compilers_want(compilers, d[i].shader, (uint32_t)d[i].num_bindings,
                                    texels_of(&d[i]), error))
                return false;
        }
    }
    return true;
}

static bool add_dispatch(Making *m, uint32_t s, const SfmVkDispatch *from, GError **error)
{
    SfmDispatch d = { .push_size = (uint32_t)from->push_size };

    memcpy(d.groups, from->groups, sizeof(d.groups));
    memcpy(d.push, from->push, from->push_size);
    for (int i = 0; i < from->num_bindings; i++) {
        const SfmVkBinding *binding = &from->binding[i];
        d.writes |= (uint32_t)(binding->kind != SFM_BIND_INPUT) << i;
        d.range[i] = resolve(m, s, binding);
    }
    d.pipeline = sfm_pipelines_find(&m->vk->pipelines, from->shader, (uint32_t)from->num_bindings,
                                    texels_of(from), error);
    g_array_append_val(m->steps->dispatches, d);
    return d.pipeline != NULL;
}

static bool add_step(Making *m, uint32_t s, GError **error)
{
    const SfmPlanStep *step = sfm_plan_step(m->plan, s);
    SfmVkDispatch dispatches[SFM_MAX_DISPATCHES];
    const int count = sfm_vk_kernel(step->kernel)->dispatches(&step->call, dispatches);
    g_assert(count <= SFM_MAX_DISPATCHES);

    for (int i = 0; i < count; i++) {
        if (!add_dispatch(m, s, &dispatches[i], error)) {
            g_prefix_error(error, "%s: ", step->kernel->name);
            return false;
        }
    }
    g_array_append_val(m->steps->first, m->steps->dispatches->len);
    return true;
}

static bool add_steps(Making *m, GError **error)
{
    const uint32_t begin = 0;
    g_array_append_val(m->steps->first, begin);
    for (uint32_t s = 0; s < sfm_plan_num_steps(m->plan); s++) {
        if (!add_step(m, s, error))
            return false;
    }
    return true;
}

static bool bind_all(Making *m, GError **error)
{
    GArray *dispatches = m->steps->dispatches;
    uint32_t num_buffers = 0, num_texels = 0;
    for (guint i = 0; i < dispatches->len; i++) {
        const SfmPipeline *p = g_array_index(dispatches, SfmDispatch, i).pipeline;
        const uint32_t texels = (uint32_t)__builtin_popcount(p->texels);
        num_texels += texels;
        num_buffers += p->num_bindings - texels;
    }

    // A plan without steps still has a pool, which may not be empty.
    if (!sfm_binder_init(&m->steps->binder, m->vk->dev, MAX(dispatches->len, 1),
                         MAX(num_buffers, 1), num_texels, error))
        return false;
    for (guint i = 0; i < dispatches->len; i++) {
        if (!sfm_binder_bind(&m->steps->binder, &g_array_index(dispatches, SfmDispatch, i), error))
            return false;
    }
    return true;
}

// Zeroed, so that what a step finds on its first run does not depend on what was
// there before.
static bool make_block(Making *m, size_t size, GError **error)
{
    SfmVkMemory *block =
        sfm_vk_memory_new(m->vk->dev, SFM_VK_MEMORY_DEVICE, size, "activations", error);
    if (!block)
        return false;
    g_ptr_array_add(m->steps->blocks, block);

    const VkCommandBuffer cmd = sfm_stream_open(&m->vk->stream, error);
    if (!cmd)
        return false;
    m->vk->dev->fn.vkCmdFillBuffer(cmd, block->buffer, 0, VK_WHOLE_SIZE, 0);
    return sfm_stream_flush(&m->vk->stream, error);
}

static bool make_arena(Making *m, GError **error)
{
    const size_t alignment = m->vk->base.target->alignment;
    if (!sfm_vk_memory_check(m->vk->dev, sfm_plan_arena_size(m->plan), "activations", error))
        return false;
    for (int i = 0; i < sfm_plan_num_blocks(m->plan); i++) {
        const size_t size = sfm_plan_block_size(m->plan, i);
        if (!make_block(m, (size + alignment - 1) / alignment * alignment, error))
            return false;
    }
    return true;
}

static void free_memory(gpointer memory)
{
    sfm_vk_memory_free(memory);
}

bool sfm_steps_init(SfmSteps *steps, SfmVkRunner *vk, const SfmPlan *plan, SfmWeightFunc give,
                    void *user_data, GError **error)
{
    Making m = { steps, vk, plan };
    steps->blocks = g_ptr_array_new_with_free_func(free_memory);
    steps->dispatches = g_array_new(FALSE, FALSE, sizeof(SfmDispatch));
    steps->first = g_array_new(FALSE, FALSE, sizeof(uint32_t));

    g_autoptr(SfmCompilers) compilers = sfm_compilers_new(&vk->pipelines);
    if (!make_arena(&m, error) || !want_pipelines(&m, compilers, error))
        return false;
    sfm_compilers_start(compilers);
    return sfm_vk_weights_init(&steps->weights, vk, plan, give, user_data, error) &&
           sfm_compilers_finish(compilers, error) && add_steps(&m, error) && bind_all(&m, error);
}

void sfm_steps_clear(SfmSteps *steps)
{
    sfm_binder_clear(&steps->binder);
    g_clear_pointer(&steps->dispatches, g_array_unref);
    g_clear_pointer(&steps->first, g_array_unref);
    g_clear_pointer(&steps->blocks, g_ptr_array_unref);
    sfm_vk_weights_clear(&steps->weights);
}

uint32_t sfm_steps_first(const SfmSteps *steps, uint32_t step)
{
    return g_array_index(steps->first, uint32_t, step);
}

const SfmDispatch *sfm_steps_dispatch(const SfmSteps *steps, uint32_t i)
{
    return &g_array_index(steps->dispatches, SfmDispatch, i);
}

bool sfm_steps_warm(const SfmSteps *steps, SfmVkRunner *vk, const SfmRunOptions *options,
                    GError **error)
{
    for (guint i = 0; i < steps->dispatches->len; i++) {
        SfmDispatch d = g_array_index(steps->dispatches, SfmDispatch, i);
        memset(d.groups, 0, sizeof(d.groups));
        if (!sfm_cancel_check(options->cancel, error))
            return false;
        if (options->progress)
            options->progress(options->user_data, 0.0, 1.0);
        const VkCommandBuffer cmd = sfm_stream_open(&vk->stream, error);
        if (!cmd)
            return false;
        sfm_dispatch_record(vk->dev, cmd, &d);
        if (!sfm_stream_flush(&vk->stream, error))
            return false;
    }
    return true;
}
