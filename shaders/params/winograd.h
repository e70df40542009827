// SPDX-License-Identifier: GPL-3.0-or-later
// Read by C and by GLSL: 4-byte scalars only, so that both lay it out alike.
#ifndef SFM_PARAMS_WINOGRAD_H
#define SFM_PARAMS_WINOGRAD_H

#include "params/types.h"

// A workgroup transforms eight tiles, or pairs of tiles (x), of four channels (y).
struct WinogradParams {
    uint first_tile;  // of this pass, counting over all images
    uint tiles;       // in this pass
    uint image_tiles; // of one image
    uint row_tiles;   // of one row of tiles
    float inverse_image_tiles, inverse_row_tiles;
    uint planes;                  // a quad of channels each
    uint height, width;           // of the map, as it is seen
    uint doubled;                 // 1: it is given half as high and wide; 0
    uint wrap_height, wrap_width; // of axes that wrap; 0: zeros beyond the end
    uint frequency_stride;        // texels from one frequency to the next
    uint addend_image;            // texels of an image of the addend; 0: there is none
    float scale;                  // of the sum with the addend
};

#endif
