// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_VK_PIPELINES_H
#define SFM_VK_PIPELINES_H

#include "vk/pipeline.h"

// The pipelines that a runner has made so far, each once.
typedef struct {
    SfmDevice *dev;   // borrowed
    GHashTable *made; // GBytes: what it was made of -> SfmPipeline, owned
} SfmPipelines;

void sfm_pipelines_init(SfmPipelines *pipelines, SfmDevice *dev);

// The device must have finished with them. Zeroed ones are a no-op.
void sfm_pipelines_clear(SfmPipelines *pipelines);

// The pipeline of a shader in the embedded table, for these kinds of bindings:
// see SfmPipelineInfo. Borrowed; lives until the clear. NULL, with `error` set:
// the driver refuses, or there is no such shader.
SfmPipeline *sfm_pipelines_find(SfmPipelines *pipelines, const char *shader, uint32_t num_bindings,
                                uint32_t texels, GError **error);

// The pipeline of a shader that is made at run time and known by `key`, if it
// has been made: NULL otherwise.
SfmPipeline *sfm_pipelines_made(SfmPipelines *pipelines, GBytes *key);

// Makes it. Borrowed, as above.
SfmPipeline *sfm_pipelines_make(SfmPipelines *pipelines, GBytes *key, const SfmPipelineInfo *info,
                                GError **error);

// The key of a shader in the embedded table, and what its pipeline is made of:
// false, if there is no such shader.
GBytes *sfm_pipelines_key(const char *shader, uint32_t num_bindings, uint32_t texels);
bool sfm_pipelines_describe(const char *shader, uint32_t num_bindings, uint32_t texels,
                            SfmPipelineInfo *info, GError **error);

// Adds one that was made elsewhere; takes ownership of it.
void sfm_pipelines_add(SfmPipelines *pipelines, GBytes *key, SfmPipeline *pipeline);

#endif
