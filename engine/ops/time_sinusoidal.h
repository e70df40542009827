// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_OPS_TIME_SINUSOIDAL_H
#define SFM_OPS_TIME_SINUSOIDAL_H

#include <stdbool.h>
#include <stdint.h>

// time_sinusoidal: t [N, 1, 1, 1] -> y [N, dim, 1, 1]
// f_i = exp(-ln(10000) i / (dim / 2 - freq_shift)); y = [sin(t f), cos(t f)]
typedef struct {
    uint32_t dim; // an odd one gets a zero at its end
    float freq_shift;
    uint32_t cos_first; // 0 or 1: y = [cos, sin]; flip_sin_to_cos of the configs
} SfmTimeSinusoidal;

#endif
