// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_VK_DISPATCH_H
#define SFM_VK_DISPATCH_H

#include "vk/kernel.h"
#include "vk/pipeline.h"

// A piece of a buffer.
typedef struct {
    VkBuffer buffer;
    size_t offset, size; // in bytes
} SfmRange;

// One launch of a pipeline, with all that it touches.
typedef struct {
    const SfmPipeline *pipeline; // borrowed
    VkDescriptorSet set;         // from a binder
    uint32_t groups[3];
    uint32_t push_size;
    uint8_t push[SFM_MAX_PUSH];
    SfmRange range[SFM_MAX_BINDINGS]; // pipeline->num_bindings of them
    uint32_t writes;                  // bit i: range i is written, and may be read; else it is read
} SfmDispatch;

// Writes the launch into a command buffer that is being recorded.
void sfm_dispatch_record(SfmDevice *dev, VkCommandBuffer cmd, const SfmDispatch *dispatch);

// Into how many parts it can be cut: workgroups along its longest side.
uint32_t sfm_dispatch_num_parts(const SfmDispatch *dispatch);

// As sfm_dispatch_record(), of parts first .. end - 1 alone. Together, in any order,
// parts do what the whole does, to the bit.
void sfm_dispatch_record_parts(SfmDevice *dev, VkCommandBuffer cmd, const SfmDispatch *dispatch,
                               uint32_t first, uint32_t end);

// Descriptor sets, and the buffer views of those that have texel buffers.
typedef struct {
    SfmDevice *dev; // borrowed
    VkDescriptorPool pool;
    GArray *views; // of VkBufferView
} SfmBinder;

// Room for `num_sets` sets with so many storage buffers and texel buffers in all.
bool sfm_binder_init(SfmBinder *binder, SfmDevice *dev, uint32_t num_sets, uint32_t num_buffers,
                     uint32_t num_texels, GError **error);

// The device must have finished with the sets. A zeroed binder is a no-op.
void sfm_binder_clear(SfmBinder *binder);

// Sets dispatch->set, which binds its ranges, whose offsets are as the device
// wants them aligned. There must be room.
bool sfm_binder_bind(SfmBinder *binder, SfmDispatch *dispatch, GError **error);

// Takes all sets back. The device must have finished with them.
bool sfm_binder_reset(SfmBinder *binder, GError **error);

#endif
