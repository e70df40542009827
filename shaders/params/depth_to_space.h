// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_PARAMS_DEPTH_TO_SPACE_H
#define SFM_PARAMS_DEPTH_TO_SPACE_H

#include "params/types.h"

struct DepthToSpaceParams {
    uint count;  // values of y
    uint factor; // p
    uint width;  // of x
    uint height; // of x
};

#endif
