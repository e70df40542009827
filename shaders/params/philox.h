// SPDX-License-Identifier: GPL-3.0-or-later
// Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3",
// SC 2011, section 3.3): a counter and a key make four words that look random.
// The same lines are compiled as C and as GLSL.
#ifndef SFM_PARAMS_PHILOX_H
#define SFM_PARAMS_PHILOX_H

#include "params/integer.h"

// A counter, or the random words that come of it.
struct PhiloxBlock {
    uint word0, word1, word2, word3;
};

struct PhiloxKey {
    uint word0, word1;
};

#ifndef GL_core_profile
typedef struct PhiloxBlock PhiloxBlock;
typedef struct PhiloxKey PhiloxKey;
#endif

SHARED PhiloxBlock philox_round(PhiloxBlock b, PhiloxKey key)
{
    PhiloxBlock next;
    next.word0 = mul_high(0xcd9e8d57u, b.word2) ^ b.word1 ^ key.word0;
    next.word1 = 0xcd9e8d57u * b.word2;
    next.word2 = mul_high(0xd2511f53u, b.word0) ^ b.word3 ^ key.word1;
    next.word3 = 0xd2511f53u * b.word0;
    return next;
}

SHARED PhiloxBlock philox(PhiloxBlock b, PhiloxKey key)
{
    for (int i = 0; i < 10; i++) {
        b = philox_round(b, key);
        key.word0 += 0x9e3779b9u; // the golden ratio
        key.word1 += 0xbb67ae85u; // sqrt(3) - 1
    }
    return b;
}

// The counter and the key of elements 4 block .. 4 block + 3 of one tensor of
// noise: every combination has its own, and none meets another.
SHARED PhiloxBlock noise_words(uint seed, uint image, uint step_number, uint stream, uint block)
{
    PhiloxBlock counter;
    counter.word0 = block;
    counter.word1 = image;
    counter.word2 = step_number;
    counter.word3 = 0u;

    PhiloxKey key;
    key.word0 = seed;
    key.word1 = stream;
    return philox(counter, key);
}

#endif
