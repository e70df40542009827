// SPDX-License-Identifier: GPL-3.0-or-later
// Read by C and by GLSL: 4-byte scalars only, so that both lay it out alike.
#ifndef SFM_PARAMS_ATTENTION4_H
#define SFM_PARAMS_ATTENTION4_H

#include "params/types.h"

// Of the two steps of an attention that are not products. z counts heads over all
// images, from `first_head` on in the tensors and from 0 in the scratch memory.
struct Attention4Params {
    uint first_head;
    uint queries, keys; // pixels
    uint key_blocks;    // keys, in fours
    uint head_blocks;   // channels of a head, in fours
    float scale;        // 1 / sqrt(channels of a head)
};

#endif
