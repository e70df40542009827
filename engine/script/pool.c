// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/pool.h"

void sfm_pool_begin(SfmPool *pool, SfmRunner *runner, SfmShape shape)
{
    pool->runner = runner;
    pool->shape = shape;
    pool->kernels =
        g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
    pool->run++;
}

static void free_slots(SfmRunner *runner, SfmSlot slots[])
{
    for (int i = 0; i < SFM_POOL_MAX; i++) {
        if (!slots[i].borrowed)
            sfm_buffer_free(runner, slots[i].buffer);
        slots[i] = (SfmSlot){ 0 };
    }
}

void sfm_pool_end(SfmPool *pool)
{
    if (!pool->runner)
        return;
    free_slots(pool->runner, pool->full);
    free_slots(pool->runner, pool->single);
    g_clear_pointer(&pool->kernels, g_hash_table_unref);
    pool->runner = NULL;
    pool->run++;
}

// The first, so that one with a buffer is found before one without.
static SfmSlot *find_free(SfmSlot slots[])
{
    for (int i = 0; i < SFM_POOL_MAX; i++) {
        if (slots[i].refs == 0)
            return &slots[i];
    }
    return NULL;
}

SfmSlot *sfm_pool_take(SfmPool *pool, bool per_image, GError **error)
{
    SfmSlot *slots = per_image ? pool->single : pool->full;
    SfmSlot *slot = find_free(slots);
    if (pool->collect && (!slot || !slot->buffer)) {
        pool->collect(pool->script);
        slot = find_free(slots);
    }
    if (!slot) {
        sfm_fail(error, SFM_ERROR_BAD_SCRIPT, "more than %d tensors are in use", SFM_POOL_MAX);
        return NULL;
    }
    if (!slot->buffer) {
        const SfmShape shape = per_image ? SFM_SHAPE(pool->shape.dim[0], 1, 1, 1) : pool->shape;
        slot->buffer = sfm_buffer_new(pool->runner, shape, error);
    }
    if (!slot->buffer)
        return NULL;
    slot->refs = 1;
    return slot;
}

SfmSlot *sfm_pool_borrow(SfmPool *pool, SfmBuffer *buffer)
{
    pool->full[0] = (SfmSlot){ .buffer = buffer, .refs = 1, .borrowed = true };
    return &pool->full[0];
}

bool sfm_pool_take_kernel(SfmPool *pool, const SfmExpr *expr, GError **error)
{
    const size_t size = (size_t)expr->num_nodes * sizeof(expr->node[0]);
    g_autoptr(GBytes) nodes = g_bytes_new(expr->node, size);

    if (g_hash_table_contains(pool->kernels, nodes))
        return true;
    if (g_hash_table_size(pool->kernels) == SFM_POOL_MAX_KERNELS)
        return sfm_fail(error, SFM_ERROR_BAD_SCRIPT,
                        "more than %d different expressions of tensors in a run: let them differ "
                        "in their numbers alone",
                        SFM_POOL_MAX_KERNELS);
    return g_hash_table_add(pool->kernels, g_steal_pointer(&nodes));
}

bool sfm_pool_has_room(SfmPool *pool)
{
    return find_free(pool->full) != NULL;
}
