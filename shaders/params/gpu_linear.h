// SPDX-License-Identifier: GPL-3.0-or-later
// Read by C and by GLSL: 4-byte scalars only, so that both lay it out alike.
#ifndef SFM_PARAMS_GPU_LINEAR_H
#define SFM_PARAMS_GPU_LINEAR_H

#include "params/types.h"

#define GPU_LINEAR_QUADS  16 // of outputs, that a workgroup makes
#define GPU_LINEAR_SLICES 16 // of the inputs, that it sums side by side

struct GpuLinearParams {
    uint num;           // N
    uint inputs;        // I
    uint padded_inputs; // rows of a part's weights
    uint outputs;       // O
    uint out_quads;     // O in quads
    uint act;           // ACTIVATION_...
};

#endif
