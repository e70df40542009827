// SPDX-License-Identifier: GPL-3.0-or-later
// Read by C and by GLSL: 4-byte scalars only, so that both lay it out alike.
#ifndef SFM_PARAMS_CONV2D_H
#define SFM_PARAMS_CONV2D_H

#include "params/types.h"

struct Conv2dParams {
    uint count;                               // values of y
    uint images, channels, height, width;     // of x, as it is seen
    uint doubled;                             // 1: it is given half as high and wide; 0
    uint out_channels, out_height, out_width; // of y
    uint kernel, stride;
    uint top, left;               // padding; the rest of it shows in the size of y
    uint wrap_height, wrap_width; // of x, of axes that wrap; 0: zeros beyond the end
    uint addend_plane;            // values of a plane: 1, or as y; 0: no addend
    float scale;                  // of the sum with the addend
};

#endif
