// SPDX-License-Identifier: GPL-3.0-or-later
// Read by C and by GLSL: 4-byte scalars only, so that both lay it out alike.
#ifndef SFM_PARAMS_SCALE_SHIFT_H
#define SFM_PARAMS_SCALE_SHIFT_H

#include "params/activation.h"
#include "params/types.h"

struct ScaleShiftParams {
    uint count;    // values of x
    uint channels; // C
    uint pixels;   // H * W
    uint act;      // ACTIVATION_...
};

#endif
