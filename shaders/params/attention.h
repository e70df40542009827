// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_PARAMS_ATTENTION_H
#define SFM_PARAMS_ATTENTION_H

#include "params/types.h"

struct AttentionParams {
    uint count;    // images * heads * queries: groups with work
    uint queries;  // H * W
    uint keys;     // KH * KW
    uint head_dim; // channels of one head
    float scale;   // 1 / sqrt(head_dim)
};

#endif
