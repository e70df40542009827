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

void sfm_pipelines_add(SfmPipelines *pipelines, GBytes *key, SfmPipeline *pipeline)
{
    g_hash_table_insert(pipelines->made, g_bytes_ref(key), pipeline);
}

SfmPipeline *sfm_pipelines_make(SfmPipelines *pipelines, GBytes *key, const SfmPipelineInfo *info,
                                GError **error)
{
    SfmPipeline *p = sfm_pipeline_new(pipelines->dev, info, error);
    if (p)
        sfm_pipelines_add(pipelines, key, p);
    return p;
}

GBytes *sfm_pipelines_key(const char *shader, uint32_t num_bindings, uint32_t texels)
{
    char *text = g_strdup_printf("%s %u %x", shader, num_bindings, texels);
    return g_bytes_new_take(text, strlen(text));
}

bool sfm_pipelines_describe(const char *shader, uint32_t num_bindings, uint32_t texels,
                            SfmPipelineInfo *info, GError **error)
{
    const SfmSpirv *code = sfm_spirv_find(shader);
    if (!code)
        return sfm_fail(error, SFM_ERROR_UNSUPPORTED, "there is no shader \"%s\"", shader);
    *info = (SfmPipelineInfo){
        .words = code->words,
        .size = code->size,
        .num_bindings = num_bindings,
        .texels = texels,
    };
    return true;
}

SfmPipeline *sfm_pipelines_find(SfmPipelines *pipelines, const char *shader, uint32_t num_bindings,
                                uint32_t texels, GError **error)
{
    g_autoptr(GBytes) key = sfm_pipelines_key(shader, num_bindings, texels);
    SfmPipeline *p = sfm_pipelines_made(pipelines, key);
    SfmPipelineInfo info;
    if (p || !sfm_pipelines_describe(shader, num_bindings, texels, &info, error))
        return p;

    p = sfm_pipelines_make(pipelines, key, &info, error);
    if (!p)
        g_prefix_error(error, "%s: ", shader);
    return p;
}
