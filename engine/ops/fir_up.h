// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_OPS_FIR_UP_H
#define SFM_OPS_FIR_UP_H

// fir_up: x [N, C, H, W] -> y [N, C, 2 H, 2 W]
// Zeros between the pixels, padding (2, 1), the kernel (1, 3, 3, 1) x (1, 3, 3, 1) / 64 times 4.
// Attributes: SfmWrap (ops/wrap.h).

#endif
