// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_PARAMS_FIR_UP_H
#define SFM_PARAMS_FIR_UP_H

#include "params/types.h"

struct FirUpParams {
    uint count;                   // values of y
    uint width;                   // of x
    uint height;                  // of x
    uint wrap_height, wrap_width; // of x, of axes that wrap; 0: zeros beyond the end
};

#endif
