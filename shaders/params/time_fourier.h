// SPDX-License-Identifier: GPL-3.0-or-later
// Read by C and by GLSL: 4-byte scalars only, so that both lay it out alike.
#ifndef SFM_PARAMS_TIME_FOURIER_H
#define SFM_PARAMS_TIME_FOURIER_H

#include "params/types.h"

struct TimeFourierParams {
    uint count; // frequencies of all images: N * D
    uint width; // D
};

#endif
