// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_PARAMS_UPSAMPLE_NEAREST_H
#define SFM_PARAMS_UPSAMPLE_NEAREST_H

#include "params/types.h"

struct UpsampleNearestParams {
    uint count; // values of y
    uint width; // of y
};

#endif
