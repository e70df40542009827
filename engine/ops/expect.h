// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_OPS_EXPECT_H
#define SFM_OPS_EXPECT_H

#include "graph/op.h"

// For infer(): whether input `i`, called `what` in the message, has the shape
// `want`; if not, SFM_ERROR_BAD_SHAPE: "conv2d: bias must be [1, 8, 1, 1], not
// [1, 4, 1, 1]".
bool sfm_expect_shape(const SfmCall *call, int i, const char *what, SfmShape want, GError **error);

#endif
