// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_OPS_UPSAMPLE_NEAREST_H
#define SFM_OPS_UPSAMPLE_NEAREST_H

// upsample_nearest: x [N, C, H, W] -> y [N, C, 2 H, 2 W]. No attributes.

#endif
