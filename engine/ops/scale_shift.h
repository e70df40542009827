// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_OPS_SCALE_SHIFT_H
#define SFM_OPS_SCALE_SHIFT_H

// scale_shift: x [N, C, H, W], s [N, 2 C, 1, 1] -> y = act(x * (1 + s[:C]) + s[C:]), as x
#include "ops/activation.h"

typedef struct {
    SfmActivationKind act;
} SfmScaleShift;

#endif
