// SPDX-License-Identifier: GPL-3.0-or-later
// Read by C and by GLSL: 4-byte scalars only, so that both lay it out alike.
#ifndef SFM_PARAMS_ACTIVATION_H
#define SFM_PARAMS_ACTIVATION_H

#include "params/types.h"

// SfmActivationKind of engine/ops/activation.h, for GLSL.
#define ACTIVATION_NONE 0
#define ACTIVATION_SILU 1
#define ACTIVATION_RELU 2
#define ACTIVATION_GELU 3
#define ACTIVATION_MISH 4

struct ActivationParams {
    uint count; // values
    uint kind;  // ACTIVATION_...
};

#endif
