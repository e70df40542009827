// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_OPS_LINEAR_H
#define SFM_OPS_LINEAR_H

#include "ops/activation.h"

// linear: x [N, I, 1, 1], weight [O, I, 1, 1], bias [1, O, 1, 1] -> y [N, O, 1, 1]
// P layers of one x may be one call: weight [P O, I, 1, 1], bias [P, O, 1, 1] -> y
// [P N, O, 1, 1], one result behind the other. Graphs say `activation`; plans put it
// into the layer before it.
typedef struct {
    SfmActivationKind act; // of the result
} SfmLinear;

#endif
