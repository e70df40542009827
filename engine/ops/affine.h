// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_OPS_AFFINE_H
#define SFM_OPS_AFFINE_H

// affine: x [any] -> y = x * scale + offset
typedef struct {
    float scale, offset;
} SfmAffine;

#endif
