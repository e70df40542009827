// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_PARAMS_AVG_POOL_H
#define SFM_PARAMS_AVG_POOL_H

#include "params/types.h"

struct AvgPoolParams {
    uint count; // values of y
    uint width; // of y
};

#endif
