// SPDX-License-Identifier: GPL-3.0-or-later
//
// MT19937 (Matsumoto & Nishimura, 1998), and Box and Muller's transform in the
// two ways of torch: from 16 values up in blocks of 16, of 24-bit uniforms;
// below, pair by pair, of 53-bit ones.
#include "base/torch_random.h"

#include <math.h>

#define WORDS      624
#define MIDDLE     397
#define BLOCK_SIZE 16
#define PIECE      65536 // values, between two looks at a cancel: a multiple of BLOCK_SIZE

static const double two_pi = 6.283185307179586;

void sfm_torch_random_init(SfmTorchRandom *random, uint32_t seed)
{
    *random = (SfmTorchRandom){ .used = WORDS };

    random->state[0] = seed;
    for (uint32_t i = 1; i < WORDS; i++) {
        const uint32_t last = random->state[i - 1];
        random->state[i] = 1812433253u * (last ^ last >> 30) + i;
    }
}

static void make_words(SfmTorchRandom *random)
{
    uint32_t *s = random->state;

    for (uint32_t i = 0; i < WORDS; i++) {
        const uint32_t next = s[(i + 1) % WORDS];
        const uint32_t mixed = (s[i] & 0x80000000u) | (next & 0x7fffffffu);
        s[i] = s[(i + MIDDLE) % WORDS] ^ mixed >> 1 ^ (next & 1 ? 0x9908b0dfu : 0);
    }
    random->used = 0;
}

static uint32_t next_word(SfmTorchRandom *random)
{
    if (random->used == WORDS)
        make_words(random);

    uint32_t word = random->state[random->used++];
    word ^= word >> 11;
    word ^= word << 7 & 0x9d2c5680u;
    word ^= word << 15 & 0xefc60000u;
    return word ^ word >> 18;
}

// 0 .. 1, in 24 bits.
static float next_float(SfmTorchRandom *random)
{
    return (float)(next_word(random) & 0xffffff) * 0x1p-24f;
}

// 0 .. 1, in 53 bits.
static double next_double(SfmTorchRandom *random)
{
    const uint64_t high = next_word(random);
    const uint64_t low = next_word(random);

    return (double)((high << 32 | low) & 0x1fffffffffffff) * 0x1p-53;
}

static bool draw_uniforms(SfmTorchRandom *random, float *out, size_t count, SfmCancel *cancel,
                          GError **error)
{
    for (size_t i = 0; i < count; i++) {
        if (i % PIECE == 0 && !sfm_cancel_check(cancel, error))
            return false;
        out[i] = next_float(random);
    }
    return true;
}

// Makes normals of 16 uniforms: value i with i + 8. Radius and angle are
// rounded to floats as torch has them.
static void transform_block(float *out)
{
    for (int i = 0; i < BLOCK_SIZE / 2; i++) {
        const float radius = (float)sqrt(-2 * log(1 - out[i]));
        const float angle = (float)two_pi * out[i + 8];
        out[i] = (float)(radius * cos(angle));
        out[i + 8] = (float)(radius * sin(angle));
    }
}

// All uniforms are drawn before the first normal is made. If the blocks do not
// come out even, the last 16 values are drawn anew, of which the first were
// normals already.
static bool draw_blocks(SfmTorchRandom *random, float *out, size_t count, SfmCancel *cancel,
                        GError **error)
{
    if (!draw_uniforms(random, out, count, cancel, error))
        return false;
    for (size_t i = 0; i + BLOCK_SIZE <= count; i += BLOCK_SIZE) {
        if (i % PIECE == 0 && !sfm_cancel_check(cancel, error))
            return false;
        transform_block(out + i);
    }
    if (count % BLOCK_SIZE != 0) {
        if (!draw_uniforms(random, out + count - BLOCK_SIZE, BLOCK_SIZE, cancel, error))
            return false;
        transform_block(out + count - BLOCK_SIZE);
    }
    return true;
}

static double next_normal(SfmTorchRandom *random)
{
    if (random->has_spare) {
        random->has_spare = false;
        return random->spare;
    }

    const double angle = two_pi * next_double(random);
    const double radius = sqrt(-2 * log1p(-next_double(random)));
    random->spare = radius * sin(angle);
    random->has_spare = true;
    return radius * cos(angle);
}

bool sfm_torch_random_normal(SfmTorchRandom *random, float *out, size_t count, SfmCancel *cancel,
                             GError **error)
{
    if (count >= BLOCK_SIZE)
        return draw_blocks(random, out, count, cancel, error);
    for (size_t i = 0; i < count; i++)
        out[i] = (float)next_normal(random);
    return true;
}
