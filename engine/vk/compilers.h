// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_VK_COMPILERS_H
#define SFM_VK_COMPILERS_H

#include "vk/pipelines.h"

// Threads that make pipelines of embedded shaders while their owner loads weights:
// drivers translate a shader for milliseconds even where the code itself comes
// from their cache. All but the threads' own work belongs to the owner's thread.
typedef struct SfmCompilers SfmCompilers;

// None is wanted yet. `pipelines` is borrowed.
SfmCompilers *sfm_compilers_new(SfmPipelines *pipelines);

// Wants a pipeline as of sfm_pipelines_find(), unless it is there or wanted
// already. False: there is no such shader. Before the start only.
bool sfm_compilers_want(SfmCompilers *compilers, const char *shader, uint32_t num_bindings,
                        uint32_t texels, GError **error);

void sfm_compilers_start(SfmCompilers *compilers);

// Waits; the pipelines are then found. False: the driver refuses one.
bool sfm_compilers_finish(SfmCompilers *compilers, GError **error);

// Waits for what has begun and drops the rest. NULL is a no-op.
void sfm_compilers_free(SfmCompilers *compilers);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SfmCompilers, sfm_compilers_free)

#endif
