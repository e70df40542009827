// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_OPS_TIME_FOURIER_H
#define SFM_OPS_TIME_FOURIER_H

// time_fourier: t [N, 1, 1, 1] > 0, w [1, D, 1, 1] -> y [N, 2 D, 1, 1]
// y = [sin(a), cos(a)], a = 2 pi ln(t) w. No attributes.

#endif
