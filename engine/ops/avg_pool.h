// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_OPS_AVG_POOL_H
#define SFM_OPS_AVG_POOL_H

// avg_pool: x [N, C, H, W], H and W even -> y [N, C, H / 2, W / 2], means of 2 x 2. No attributes.

#endif
