// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_PARAMS_REDUCE_H
#define SFM_PARAMS_REDUCE_H

#include "params/types.h"

struct ReduceParams {
    uint images; // N
    uint count;  // values of one image: C * H * W
    uint kind;   // below: SfmReduceKind's
};

#define REDUCE_MEAN   0
#define REDUCE_RMS    1
#define REDUCE_ABSMAX 2

#endif
