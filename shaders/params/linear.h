// SPDX-License-Identifier: GPL-3.0-or-later
// Read by C and by GLSL: 4-byte scalars only, so that both lay it out alike.
#ifndef SFM_PARAMS_LINEAR_H
#define SFM_PARAMS_LINEAR_H

#include "params/types.h"

struct LinearParams {
    uint count;   // values of y
    uint num;     // N
    uint inputs;  // I
    uint outputs; // O
    uint act;     // ACTIVATION_...
};

#endif
