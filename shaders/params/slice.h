// SPDX-License-Identifier: GPL-3.0-or-later
// Read by C and by GLSL: 4-byte scalars only, so that both lay it out alike.
#ifndef SFM_PARAMS_SLICE_H
#define SFM_PARAMS_SLICE_H

#include "params/types.h"

struct SliceParams {
    uint count;  // of values of y
    uint x_size; // of values in an image of x
    uint y_size; // of values in an image of y
    uint first;  // value of an image of x that is taken
};

#endif
