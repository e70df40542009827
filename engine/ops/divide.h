// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_OPS_DIVIDE_H
#define SFM_OPS_DIVIDE_H

// divide: x [N, C, H, W], d [N, 1, 1, 1] -> y = x / d, image by image
// No attributes.

#endif
