// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_BASE_TORCH_RANDOM_H
#define SFM_BASE_TORCH_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cancel.h"

// What torch's CPU generator draws, so that a seed gives the image that it gives
// there: a sequence, in which what is drawn depends on all that was drawn
// before, and on how many at once. Words are torch's to the bit; normals are
// within 2e-6, since torch's own logarithm and cosine vary with the
// processor. A copy of the struct continues by itself.
typedef struct {
    uint32_t state[624]; // of MT19937
    uint32_t used;       // words taken of it
    bool has_spare;
    double spare; // the second of a pair, when normals were drawn one by one
} SfmTorchRandom;

// As torch.Generator().manual_seed(seed).
void sfm_torch_random_init(SfmTorchRandom *random, uint32_t seed);

// As torch.randn(count), in float32. False: cancelled, and what is drawn after that is
// undefined; NULL never cancels.
bool sfm_torch_random_normal(SfmTorchRandom *random, float *out, size_t count, SfmCancel *cancel,
                             GError **error);

#endif
