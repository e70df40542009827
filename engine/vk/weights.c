// SPDX-License-Identifier: GPL-3.0-or-later
#include "vk/weights.h"

#include <string.h>

// Small enough not to ask the driver for one huge piece, large enough for few.
#define BLOCK_SIZE ((size_t)64 << 20)

typedef struct {
    int block; // -1: not a weight
    size_t offset, size;
} Place;

typedef struct {
    SfmVkWeights *weights;
    SfmVkRunner *vk;
    const SfmPlan *plan;
} Packing;

static Place *place_of(const SfmVkWeights *weights, uint32_t step, int i)
{
    return &g_array_index(weights->places, Place, step * SFM_MAX_INPUTS + (uint32_t)i);
}

static bool is_weight(const Packing *p, uint32_t tensor)
{
    return sfm_plan_tensor(p->plan, tensor)->block < 0;
}

static size_t packed_size(const Packing *p, const SfmPlanStep *step, int i)
{
    const SfmVkKernel *kernel = sfm_vk_kernel(step->kernel);
    const size_t count = kernel->packed_count ? kernel->packed_count(&step->call, i)
                                              : sfm_shape_count(step->call.in[i]);
    return count * sizeof(float);
}

static bool append(Packing *p, size_t size, Place *place, const char *name, GError **error)
{
    const SfmTarget *target = p->vk->base.target;
    GArray *sizes = p->weights->sizes;
    const size_t padded = (size + target->alignment - 1) / target->alignment * target->alignment;

    if (padded > target->max_block)
        return sfm_fail(error, SFM_ERROR_NO_MEMORY,
                        "%s: a weight of %zu bytes, and the device binds at most %zu", name, size,
                        target->max_block);

    const size_t limit = MIN(BLOCK_SIZE, target->max_block);
    if (sizes->len == 0 || g_array_index(sizes, size_t, sizes->len - 1) + padded > limit) {
        const size_t empty = 0;
        g_array_append_val(sizes, empty);
    }
    size_t *used = &g_array_index(sizes, size_t, sizes->len - 1);
    *place = (Place){ (int)sizes->len - 1, *used, size };
    *used += padded;
    p->weights->bytes += padded;
    return true;
}

static const char *name_of(const Packing *p, uint32_t tensor)
{
    return sfm_plan_weight(p->plan, tensor, 0)->name;
}

// The places of one step's weights. `plain` has the place of each tensor that is
// there unpacked already.
static bool place_step(Packing *p, uint32_t s, Place *plain, GError **error)
{
    const SfmPlanStep *step = sfm_plan_step(p->plan, s);
    const bool packs = sfm_vk_kernel(step->kernel)->pack != NULL;

    for (int i = 0; i < step->call.num_inputs; i++) {
        const uint32_t tensor = step->in[i];
        Place *place = place_of(p->weights, s, i);
        if (!is_weight(p, tensor))
            continue;
        if (!packs && plain[tensor].size > 0)
            *place = plain[tensor];
        else if (!append(p, packed_size(p, step, i), place, name_of(p, tensor), error))
            return false;
        if (!packs)
            plain[tensor] = *place;
    }
    return true;
}

static bool place_all(Packing *p, GError **error)
{
    const uint32_t num_steps = sfm_plan_num_steps(p->plan);
    g_autofree Place *plain = g_new0(Place, sfm_plan_num_tensors(p->plan) + 1);
    const Place none = { .block = -1 };

    for (uint32_t i = 0; i < num_steps * SFM_MAX_INPUTS; i++)
        g_array_append_val(p->weights->places, none);
    for (uint32_t s = 0; s < num_steps; s++) {
        if (!place_step(p, s, plain, error))
            return false;
    }
    return true;
}

static bool make_blocks(Packing *p, GError **error)
{
    for (guint i = 0; i < p->weights->sizes->len; i++) {
        const size_t size = g_array_index(p->weights->sizes, size_t, i);
        SfmVkMemory *block =
            sfm_vk_memory_new(p->vk->dev, SFM_VK_MEMORY_DEVICE, size, "weights", error);
        if (!block)
            return false;
        g_ptr_array_add(p->weights->blocks, block);
    }
    return true;
}

// Packs into device memory where the host sees it, for a copy of all weights
// would cost as much again as packing them; else by way of host memory.
static bool pack(Packing *p, uint32_t s, int i, const float *plain, GError **error)
{
    const SfmPlanStep *step = sfm_plan_step(p->plan, s);
    const Place *place = place_of(p->weights, s, i);
    SfmVkMemory *block = p->weights->blocks->pdata[place->block];
    void *seen = block->mapped ? (uint8_t *)block->mapped + place->offset : NULL;
    g_autofree void *own = seen ? NULL : g_try_malloc(place->size);
    float *packed = seen ? seen : own;

    if (!packed)
        return sfm_fail(error, SFM_ERROR_NO_MEMORY, "%s: no memory for %zu bytes",
                        name_of(p, step->in[i]), place->size);
    memset(packed, 0, place->size);
    sfm_vk_kernel(step->kernel)->pack(&step->call, i, plain, packed);
    return seen || sfm_stream_write(&p->vk->stream, block, place->offset, own, place->size, error);
}

static bool upload(Packing *p, uint32_t s, int i, const float *plain, GError **error)
{
    const SfmPlanStep *step = sfm_plan_step(p->plan, s);
    const Place *place = place_of(p->weights, s, i);

    if (sfm_vk_kernel(step->kernel)->pack)
        return pack(p, s, i, plain, error);
    return sfm_stream_write(&p->vk->stream, p->weights->blocks->pdata[place->block], place->offset,
                            plain, place->size, error);
}

static bool upload_everywhere(Packing *p, uint32_t tensor, const float *plain, GError **error)
{
    for (uint32_t s = 0; s < sfm_plan_num_steps(p->plan); s++) {
        const SfmPlanStep *step = sfm_plan_step(p->plan, s);
        for (int i = 0; i < step->call.num_inputs; i++) {
            if (step->in[i] == tensor && !upload(p, s, i, plain, error))
                return false;
        }
    }
    return true;
}

static size_t largest_weight(const Packing *p)
{
    size_t largest = 0;
    for (uint32_t tensor = 0; tensor < sfm_plan_num_tensors(p->plan); tensor++) {
        if (is_weight(p, tensor))
            largest = MAX(largest, sfm_plan_tensor(p->plan, tensor)->size);
    }
    return largest;
}

static bool fill(Packing *p, SfmWeightFunc give, void *user_data, GError **error)
{
    const size_t largest = largest_weight(p);
    g_autofree float *plain = g_try_malloc(largest);
    if (!plain && largest > 0)
        return sfm_fail(error, SFM_ERROR_NO_MEMORY, "weights: no memory for %zu bytes", largest);

    for (uint32_t tensor = 0; tensor < sfm_plan_num_tensors(p->plan); tensor++) {
        if (is_weight(p, tensor) &&
            (!sfm_weight_give(p->plan, tensor, give, user_data, plain, error) ||
             !upload_everywhere(p, tensor, plain, error)))
            return false;
    }
    return true;
}

static void free_memory(gpointer memory)
{
    sfm_vk_memory_free(memory);
}

static void make_empty(SfmVkWeights *weights)
{
    weights->blocks = g_ptr_array_new_with_free_func(free_memory);
    weights->sizes = g_array_new(FALSE, FALSE, sizeof(size_t));
    weights->places = g_array_new(FALSE, FALSE, sizeof(Place));
}

size_t sfm_vk_weight_bytes(SfmRunner *runner, const SfmPlan *plan)
{
    SfmVkWeights weights = { 0 };
    Packing p = { &weights, sfm_vk_runner(runner), plan };

    make_empty(&weights);
    const size_t bytes = place_all(&p, NULL) ? weights.bytes : 0;
    sfm_vk_weights_clear(&weights);
    return bytes;
}

bool sfm_vk_weights_init(SfmVkWeights *weights, SfmVkRunner *vk, const SfmPlan *plan,
                         SfmWeightFunc give, void *user_data, GError **error)
{
    Packing p = { weights, vk, plan };

    make_empty(weights);
    return place_all(&p, error) && sfm_vk_memory_check(vk->dev, weights->bytes, "weights", error) &&
           make_blocks(&p, error) && fill(&p, give, user_data, error);
}

void sfm_vk_weights_clear(SfmVkWeights *weights)
{
    g_clear_pointer(&weights->blocks, g_ptr_array_unref);
    g_clear_pointer(&weights->sizes, g_array_unref);
    g_clear_pointer(&weights->places, g_array_unref);
}

SfmRange sfm_vk_weights_range(const SfmVkWeights *weights, uint32_t step, int i)
{
    const Place *place = place_of(weights, step, i);
    const SfmVkMemory *block = weights->blocks->pdata[place->block];
    return (SfmRange){ block->buffer, place->offset, place->size };
}
