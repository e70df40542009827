// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_PARAMS_FIR_DOWN_H
#define SFM_PARAMS_FIR_DOWN_H

#include "params/types.h"

struct FirDownParams {
    uint count;                   // values of y
    uint width;                   // of y
    uint height;                  // of y
    uint wrap_height, wrap_width; // of x, of axes that wrap; 0: zeros beyond the end
};

#endif
