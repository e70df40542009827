// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_VK_STREAM_H
#define SFM_VK_STREAM_H

#include "vk/hazards.h"
#include "vk/memory.h"

// The one way to the device's queue: small work is recorded as it comes, and
// submitted once somebody waits for it. Memory that such work uses stays alive
// until then.
typedef struct {
    SfmDevice *dev; // borrowed
    VkCommandPool pool;
    VkCommandBuffer cmd;
    VkFence fence;
    SfmBinder binder; // sets of the work that is recorded
    SfmHazards hazards;
    SfmVkMemory *staging; // NULL until it is needed
    GPtrArray *retired;   // of SfmVkMemory, owned: freed once the device is done
    bool open;            // something is recorded
    uint32_t num_sets;
    double estimate; // milliseconds of what is recorded
} SfmStream;

bool sfm_stream_init(SfmStream *stream, SfmDevice *dev, GError **error);

// What is recorded is dropped. A zeroed stream is a no-op.
void sfm_stream_clear(SfmStream *stream);

// The command buffer, to record copies in. NULL: failure.
VkCommandBuffer sfm_stream_open(SfmStream *stream, GError **error);

// Records a copy of `size` bytes; the ranges are those of the two memories.
bool sfm_stream_copy(SfmStream *stream, const SfmRange *to, const SfmRange *from, GError **error);

// Binds and records a launch, whose `set` this fills in; `estimate` in milliseconds.
bool sfm_stream_launch(SfmStream *stream, SfmDispatch *dispatch, double estimate, GError **error);

// Submits what is recorded and then `more`, a command buffer of `estimate`
// milliseconds that begins with a barrier, and waits until it is done: in two
// submissions where one would be too long. What was recorded is gone,
// whether it succeeds or not.
bool sfm_stream_run(SfmStream *stream, VkCommandBuffer more, double estimate, GError **error);

// Waits until all that is recorded is done.
bool sfm_stream_flush(SfmStream *stream, GError **error);

// Frees memory, at once or when the work that is recorded is done.
void sfm_stream_retire(SfmStream *stream, SfmVkMemory *memory);

// Copies `size` bytes in or out, at `offset` bytes into the memory, when all that
// is recorded is done.
bool sfm_stream_write(SfmStream *stream, SfmVkMemory *memory, size_t offset, const void *data,
                      size_t size, GError **error);
bool sfm_stream_read(SfmStream *stream, SfmVkMemory *memory, size_t offset, void *data, size_t size,
                     GError **error);

#endif
