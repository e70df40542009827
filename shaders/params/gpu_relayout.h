// SPDX-License-Identifier: GPL-3.0-or-later
// Read by C and by GLSL: 4-byte scalars only, so that both lay it out alike.
#ifndef SFM_PARAMS_GPU_RELAYOUT_H
#define SFM_PARAMS_GPU_RELAYOUT_H

#include "params/types.h"

// Invocations of a workgroup, each of which takes one quad, four channels, of a pixel.
#define GPU_RELAYOUT_GROUP_SIZE 256

struct GpuRelayoutParams {
    uint pixels;   // H * W
    uint channels; // C
    uint quads;    // of a pixel
    uint groups;   // that take a quad of all an image's pixels
};

#endif
