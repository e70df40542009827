// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_OPS_NOISE_H
#define SFM_OPS_NOISE_H

#include <stdint.h>

#include "tensor/shape.h"

// noise: no inputs -> y of `shape`: unit normals, Philox4x32-10 (base/philox.h)
// keyed by (seed, image, step, stream), counter = element within the image. Image n
// of y is image `first_image + n` of the run. Bit-identical on every device.
typedef struct {
    SfmShape shape;
    uint32_t seed, first_image, step, stream;
    uint32_t first_element; // of each image that y has, a multiple of 4: y may be a part of it
} SfmNoiseAttrs;

#endif
