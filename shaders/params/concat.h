// SPDX-License-Identifier: GPL-3.0-or-later
// Read by C and by GLSL: 4-byte scalars only, so that both lay it out alike.
#ifndef SFM_PARAMS_CONCAT_H
#define SFM_PARAMS_CONCAT_H

#include "params/types.h"

struct ConcatParams {
    uint count;          // values of y
    uint a_size, b_size; // values of an image of a and of b
};

#endif
