// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_OPS_NORM_CONV2D_H
#define SFM_OPS_NORM_CONV2D_H

#include "graph/op.h"
#include "ops/conv2d.h"
#include "ops/group_norm.h"

// norm_conv2d: x [N, C, H, W], weight [O, C, K, K], bias [1, O, 1, 1], gamma and beta
// [1, C, 1, 1], perhaps an addend -> y as of conv2d, whose x is group_norm's y.
// No graph has it: plans make it of two calls, for a kernel that runs both.
typedef struct {
    SfmConv2d conv;
    SfmGroupNorm norm;
} SfmNormConv2d;

extern const SfmOp sfm_op_norm_conv2d;

// Of a norm_conv2d: the calls that it stands for. Their attributes are borrowed from it.
SfmCall sfm_norm_conv2d_norm(const SfmCall *call);
SfmCall sfm_norm_conv2d_conv(const SfmCall *call);

// Which input of norm_conv2d the i-th of its conv2d is.
int sfm_norm_conv2d_input(int i);

#endif
