// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_OPS_CONCAT_H
#define SFM_OPS_CONCAT_H

// concat: a [N, A, H, W], b [N, B, H, W] -> y [N, A + B, H, W]
// No attributes.

#endif
