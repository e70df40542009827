// SPDX-License-Identifier: GPL-3.0-or-later
// Read by C and by GLSL: 4-byte scalars only, so that both lay it out alike.
#ifndef SFM_PARAMS_ATTENTION4_H
#define SFM_PARAMS_ATTENTION4_H

#include "params/types.h"

#define ATTENTION4_VECTORS  4  // of eight queries: a workgroup's tile
#define ATTENTION4_KEYS     32 // whose scores are made at once
#define ATTENTION4_CHANNELS 16 // whose sums are made at once

// A workgroup makes a tile of queries. Tiles are counted over the heads of all images.
struct Attention4Params {
    uint first_tile;    // of the launch
    uint head_tiles;    // of a head
    uint queries, keys; // pixels
    uint head_quads;    // channels of a head, in quads
    float scale;        // 1 / sqrt(channels of a head)
};

#endif
