// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_OPS_QUANTILE_H
#define SFM_OPS_QUANTILE_H

// quantile: x [N, C, H, W] -> y [N, 1, 1, 1]: of |x| where `absolute`, over each image,
// with linear interpolation at (count - 1) * q, as torch.quantile
typedef struct {
    float q;           // 0 .. 1
    unsigned absolute; // 0 or 1
} SfmQuantile;

#endif
