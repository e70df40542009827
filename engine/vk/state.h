// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_VK_STATE_H
#define SFM_VK_STATE_H

#include "plan/runner.h"
#include "vk/pipelines.h"
#include "vk/stream.h"
#include "vk/target.h"

// What a runner is inside vk/.
typedef struct {
    SfmRunner base; // first
    SfmDevice *dev; // owned
    SfmVkTarget target;
    const char *family; // of kernels, that it was opened with
    SfmPipelines pipelines;
    SfmStream stream;
    double max_chunk; // of programs, milliseconds of estimated work in one submission; 0: as usual
    GPtrArray *spare; // of SfmVkMemory, owned: freed buffers' memory, for buffers of the same size
} SfmVkRunner;

typedef struct {
    SfmBuffer base;      // first
    SfmVkMemory *memory; // owned, but by what it is a part of
    size_t offset, size; // in bytes, within the memory
    bool is_part;
} SfmVkBuffer;

static inline SfmVkRunner *sfm_vk_runner(SfmRunner *runner)
{
    return (SfmVkRunner *)runner;
}

// The whole of a buffer.
static inline SfmRange sfm_vk_buffer_range(SfmBuffer *buffer)
{
    const SfmVkBuffer *b = (const SfmVkBuffer *)buffer;
    return (SfmRange){ b->memory->buffer, b->offset, b->size };
}

// Gives back the memory that is kept for buffers to come. False: what was recorded
// and may use it has failed.
bool sfm_vk_drop_spare(SfmVkRunner *vk, GError **error);

// Ends every function of the runner's class: `ok`, unless the validation layers
// have said something.
bool sfm_vk_checked(SfmVkRunner *vk, bool ok, GError **error);

#endif
