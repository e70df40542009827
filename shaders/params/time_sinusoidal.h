// SPDX-License-Identifier: GPL-3.0-or-later
// Read by C and by GLSL: 4-byte scalars only, so that both lay it out alike.
#ifndef SFM_PARAMS_TIME_SINUSOIDAL_H
#define SFM_PARAMS_TIME_SINUSOIDAL_H

#include "params/types.h"

#define TIME_SINUSOIDAL_LN_10000 9.21034050 // to the nearest float

struct TimeSinusoidalParams {
    uint count; // frequencies of all images: N * half
    uint half_dim;
    uint dim;        // 2 * half_dim, or one more
    float divisor;   // half_dim - freq_shift
    uint sin_offset; // where in an image's values the sines start
    uint cos_offset;
};

#endif
