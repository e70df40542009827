// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_BASE_PHILOX_H
#define SFM_BASE_PHILOX_H

#include <stddef.h>
#include <stdint.h>

// Noise that any element can be asked of by itself: Philox4x32-10, whose
// counter and key hold all that an element is known by, 32 bits each:
//
//     key      seed, stream
//     counter  element / 4, image, step, 0
//
// The four words of a block make the normals of four elements. One block, one
// use: no two of them share a counter and key.
//
// The same lines, shaders/params/{philox,normal}.h, are compiled as C and as
// GLSL, and compute in integers: the bits are the same on every device.

// Which noise: everything but the element. Zero is a value like any other.
typedef struct {
    uint32_t seed;   // of the run, 0 .. 2^31 - 1
    uint32_t image;  // of the run, from 0: not its place in a batch
    uint32_t step;   // of the sampler
    uint32_t stream; // tells apart what is drawn within one step
} SfmNoiseKey;

// Philox4x32-10 itself, of any counter and key.
void sfm_philox4x32(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

// Elements 0 .. count - 1: unit normals, none beyond 6.77.
void sfm_philox_normals(SfmNoiseKey key, float *out, size_t count);

// Elements first .. first + count - 1; `first` is a multiple of 4.
void sfm_philox_normals_from(SfmNoiseKey key, size_t first, float *out, size_t count);

#endif
