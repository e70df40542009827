// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_PARAMS_SPACE_TO_DEPTH_H
#define SFM_PARAMS_SPACE_TO_DEPTH_H

#include "params/types.h"

struct SpaceToDepthParams {
    uint count;  // values of y
    uint factor; // p
    uint width;  // of y: W / p
    uint height; // of y: H / p
};

#endif
