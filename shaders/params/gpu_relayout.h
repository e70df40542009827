// SPDX-License-Identifier: GPL-3.0-or-later
// Read by C and by GLSL: 4-byte scalars only, so that both lay it out alike.
#ifndef SFM_PARAMS_GPU_RELAYOUT_H
#define SFM_PARAMS_GPU_RELAYOUT_H

#include "params/types.h"

#define RELAYOUT_PIXELS 256 // of a workgroup

struct GpuRelayoutParams {
    uint pixels;   // H * W
    uint channels; // C
    uint planes;   // C in fours
    uint groups;   // of an image's plane
};

#endif
