// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_OPS_FIR_DOWN_H
#define SFM_OPS_FIR_DOWN_H

// fir_down: x [N, C, H, W], H and W even -> y [N, C, H / 2, W / 2]
// Padding by 1 on each side, the kernel (1, 3, 3, 1) x (1, 3, 3, 1) / 64, every second pixel.
// Attributes: SfmWrap (ops/wrap.h).

#endif
