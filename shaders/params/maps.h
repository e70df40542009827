// SPDX-License-Identifier: GPL-3.0-or-later
// Read by C and by GLSL: 4-byte scalars only, so that both lay it out alike.
#ifndef SFM_PARAMS_MAPS_H
#define SFM_PARAMS_MAPS_H

#include "params/types.h"

// What a workgroup of a memory-bound shader takes of a plane, in texels.
#define MAP_RUN 512

// Of kernels that make a pixel map in the C4 layout, one workgroup a run of
// MAP_RUN texels (x) of a plane, which is a quad of channels (y), of an image (z).
struct MapParams {
    uint planes;         // of the output, a quad of channels each
    uint pixels;         // of the output
    uint width;          // of the output
    float inverse_width; // 1 / width
    uint in_planes;      // of the (first) input
    uint in_height, in_width;
    uint wrap_height, wrap_width; // of the input, of axes that wrap; 0: zeros beyond the end
    uint channels;                // of the output
    uint act;                     // ACTIVATION_...
    float scale;
};

#endif
