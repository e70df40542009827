// SPDX-License-Identifier: GPL-3.0-or-later
// Read by C and by GLSL: 4-byte scalars only, so that both lay it out alike.
#ifndef SFM_PARAMS_GPU_ATTENTION_H
#define SFM_PARAMS_GPU_ATTENTION_H

#include "params/types.h"

// Invocations of a group, and keys that it takes at a time, and quads of them.
#define GPU_ATTENTION_GROUP_SIZE 256
#define GPU_ATTENTION_KEYS       32
#define GPU_ATTENTION_DEPTH      4

// A workgroup takes a run of queries (x), a slice of a head's channels (y) and an
// image (z). Quads are four channels of a pixel.
struct GpuAttentionParams {
    uint queries, keys; // pixels of an image
    uint quads;         // of a pixel
    uint head_quads;    // of a head
    uint slices;        // of a head: as many workgroups make its channels
    float scale;        // 1 / sqrt(channels of a head)
};

#endif
