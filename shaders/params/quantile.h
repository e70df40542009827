// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_PARAMS_QUANTILE_H
#define SFM_PARAMS_QUANTILE_H

#include "params/types.h"

struct QuantileParams {
    uint images;    // N
    uint count;     // values of one image: C * H * W
    uint absolute;  // 0 or 1: of magnitudes
    uint rank;      // of the lower neighbour, from 0
    float fraction; // how far from there to the next, 0 .. 1
};

#endif
