// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_PARAMS_NOISE_H
#define SFM_PARAMS_NOISE_H

#include "params/types.h"

struct NoiseParams {
    uint images;      // N
    uint elements;    // of one image: C * H * W
    uint seed;        // with the others: base/philox.h
    uint first_image; // the image of the run that y's first is
    uint step_number;
    uint stream;
    uint first_block; // of four elements: where y begins in each image
};

#endif
