// SPDX-License-Identifier: GPL-3.0-or-later
// Read by C and by GLSL: 4-byte scalars only, so that both lay it out alike.
#ifndef SFM_PARAMS_WINOGRAD_JOINT_H
#define SFM_PARAMS_WINOGRAD_JOINT_H

#include "params/types.h"

// A workgroup makes a run of tiles (x) of a tile of output channels (y).
struct WinogradJointParams {
    uint first_tile;  // of this pass, counting over all images
    uint tiles;       // in this pass
    uint image_tiles; // of one image
    uint row_tiles;   // of one row of tiles
    float inverse_image_tiles, inverse_row_tiles;
    uint planes; // of the output, a quad of channels each
    uint height, width;
    uint frequency_stride; // texels from one frequency of the input to the next
    uint addend_image;     // texels of an image of the addend; 0: there is none
    uint addend_plane;     // texels of a plane of it; 1: one for all pixels
    float scale;           // of the sum with the addend
    uint quads;            // input channels, in quads
    uint weight_frequency; // texels of a frequency's weights
    uint weight_tile;      // texels of those of OUTPUTS output channels
};

#endif
