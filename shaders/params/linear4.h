// SPDX-License-Identifier: GPL-3.0-or-later
// Read by C and by GLSL: 4-byte scalars only, so that both lay it out alike.
#ifndef SFM_PARAMS_LINEAR4_H
#define SFM_PARAMS_LINEAR4_H

#include "params/types.h"

struct Linear4Params {
    uint in_quads;    // inputs, in quads
    uint num;         // rows of inputs
    uint outputs;     // of a part
    uint weight_part; // texels of a part's weights
    uint act;         // ACTIVATION_...
};

#endif
