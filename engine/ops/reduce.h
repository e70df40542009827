// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_OPS_REDUCE_H
#define SFM_OPS_REDUCE_H

// reduce: x [N, C, H, W] -> y [N, 1, 1, 1], over each image
typedef enum {
    SFM_REDUCE_MEAN,
    SFM_REDUCE_RMS,
    SFM_REDUCE_ABSMAX, // NaN if any element is NaN
} SfmReduceKind;

typedef struct {
    SfmReduceKind kind;
} SfmReduce;

#endif
