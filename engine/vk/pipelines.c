// SPDX-License-Identifier: GPL-3.0-or-later
#include "vk/pipelines.h"

#include <string.h>

#include "vk/spirv.h"

static void free_pipeline(gpointer pipeline)
{
    sfm_pipeline_free(pipeline);
}

static void unref_key(gpointer key)
{
    g_bytes_unref(key);
}

void sfm_pipelines_init(SfmPipelines *pipelines, SfmDevice *dev)
{
    pipelines->dev = dev;
    pipelines->made = g_hash_table_new_full(g_bytes_hash, g_bytes_equal, unref_key, free_pipeline);
}

void sfm_pipelines_clear(SfmPipelines *pipelines)
{
    g_clear_pointer(&pipelines->made, g_hash_table_unref);
}

SfmPipeline *sfm_pipelines_made(SfmPipelines *pipelines, GBytes *key)
{
    return g_hash_table_lookup(pipelines->made, key);
}

SfmPipeline *sfm_pipelines_make(SfmPipelines *pipelines, GBytes *key, const SfmPipelineInfo *info,
                                GError **error)
{
    SfmPipeline *p = sfm_pipeline_new(pipelines->dev, info, error);
    if (p)
        g_hash_table_insert(pipelines->made, g_bytes_ref(key), p);
    return p;
}

SfmPipeline *sfm_pipelines_find(SfmPipelines *pipelines, const char *shader, uint32_t num_bindings,
                                uint32_t texels, GError **error)
{
    g_autofree char *text = g_strdup_printf("%s %u %x", shader, num_bindings, texels);
    g_autoptr(GBytes) key = g_bytes_new(text, strlen(text));
    SfmPipeline *p = sfm_pipelines_made(pipelines, key);
    if (p)
        return p;

    const SfmSpirv *code = sfm_spirv_find(shader);
    if (!code) {
        sfm_fail(error, SFM_ERROR_UNSUPPORTED, "there is no shader \"%s\"", shader);
        return NULL;
    }
    const SfmPipelineInfo info = {
        .words = code->words,
        .size = code->size,
        .num_bindings = num_bindings,
        .texels = texels,
    };
    p = sfm_pipelines_make(pipelines, key, &info, error);
    if (!p)
        g_prefix_error(error, "%s: ", shader);
    return p;
}
