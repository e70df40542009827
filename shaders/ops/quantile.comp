#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require

// One workgroup makes one image's quantile. Formula and shapes:
// engine/ops/quantile.c.
//
// Nothing is sorted: each value has a key, a whole number that grows with it,
// and the key of the wanted rank is found digit by digit, from the highest of
// four down. A pass counts the values for each of a digit's 256 possibilities,
// among those whose higher digits are known to be right. A last pass finds the
// next higher key. Exact for any values; only whole numbers are added, so that
// the order does not matter.

#define GROUP_SIZE 256 // also the possibilities of a digit
layout(local_size_x = GROUP_SIZE) in;

#include "params/quantile.h"
#include "include/index.glsl"
#include "include/turns.glsl"

layout(push_constant) uniform Push { QuantileParams p; };

layout(binding = 0) readonly buffer X { uint x[]; };   // [N, C, H, W]: the bits of floats
layout(binding = 1) writeonly buffer Y { float y[]; }; // [N, 1, 1, 1]

shared uint bins[GROUP_SIZE];
shared uint next_key;
shared uint num_nan;

uint magnitude(uint bits)
{
    return bits & 0x7fffffffu;
}

// Positive floats are ordered as their bits are, negative ones in reverse.
uint key_of(uint bits)
{
    if (p.absolute != 0)
        return magnitude(bits);
    return bits < 0x80000000u ? bits | 0x80000000u : ~bits;
}

float value_of(uint key)
{
    if (p.absolute != 0)
        return uintBitsToFloat(key);
    return uintBitsToFloat(key < 0x80000000u ? ~key : key & 0x7fffffffu);
}

// Counts the digit at `shift` of the keys that have `known` above it.
void count_digits(uint base, uint known, uint known_mask, uint shift)
{
    const uint me = gl_LocalInvocationID.x;

    bins[me] = 0;
    barrier();
    FOR_EACH(i, p.count) {
        const uint key = key_of(x[base + i]);
        if ((key & known_mask) == known)
            atomicAdd(bins[key >> shift & 0xffu], 1);
    }
    barrier();
}

// The smallest key above `key`, or `key` itself if there is none.
uint next_above(uint base, uint key)
{
    const uint me = gl_LocalInvocationID.x;

    if (me == 0)
        next_key = 0xffffffffu;
    barrier();
    FOR_EACH(i, p.count) {
        const uint other = key_of(x[base + i]);
        if (other > key)
            atomicMin(next_key, other);
    }
    barrier();
    return next_key;
}

bool has_nan(uint base)
{
    const uint me = gl_LocalInvocationID.x;

    if (me == 0)
        num_nan = 0;
    barrier();
    FOR_EACH(i, p.count) {
        if (magnitude(x[base + i]) > 0x7f800000u)
            atomicAdd(num_nan, 1);
    }
    barrier();
    return num_nan > 0;
}

float quantile(uint base)
{
    uint key = 0, mask = 0;
    uint rank = p.rank; // among the keys that have the digits known so far
    uint equal = 0;     // how many those are

    for (int shift = 24; shift >= 0; shift -= 8) {
        count_digits(base, key, mask, shift);
        uint digit = 0;
        while (rank >= bins[digit])
            rank -= bins[digit++];
        equal = bins[digit];
        key |= digit << shift;
        mask |= 0xffu << shift;
        barrier(); // no thread may clear the bins before all have read them
    }

    const float low = value_of(key);
    if (p.fraction == 0.0 || rank + 1 < equal)
        return low;
    return low + (value_of(next_above(base, key)) - low) * p.fraction;
}

void main()
{
    const uint image = group_index();
    if (image >= p.images)
        return;

    const uint base = image * p.count;
    const float value = has_nan(base) ? uintBitsToFloat(0x7fc00000u) : quantile(base);

    if (gl_LocalInvocationID.x == 0)
        y[image] = value;
}
