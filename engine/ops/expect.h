// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_OPS_EXPECT_H
#define SFM_OPS_EXPECT_H

#include "graph/op.h"

// For infer(): whether input `i`, called `what` in the message, has the shape
// `want`; if not, SFM_ERROR_BAD_SHAPE: "conv2d: bias must be [1, 8, 1, 1], not
// [1, 4, 1, 1]".
bool sfm_expect_shape(const SfmCall *call, int i, const char *what, SfmShape want, GError **error);

// How many calls of one x a call of conv2d or linear stands for: its bias is
// [P, O, 1, 1]. 1 where that does not divide the weight's [P O, ...].
uint32_t sfm_num_parts(const SfmCall *call);

#endif
