// SPDX-License-Identifier: GPL-3.0-or-later
// Random words to unit normals (Box & Muller, 1958), in integers to the last
// step: Vulkan leaves the rounding of sqrt, log and cos open, and two devices
// must draw the same bits. The same lines are compiled as C and as GLSL.
//
//     r = sqrt(-2 ln u), a = uniform angle  ->  r cos a, r sin a
//
// "Q31" after a number says that it is in units of 2^-31. How the coefficients
// were derived, and what was measured, is in docs/noise.md.
#ifndef SFM_PARAMS_NORMAL_H
#define SFM_PARAMS_NORMAL_H

#include "params/integer.h"

struct NormalPair {
    float cosine, sine;
};

// A positive number, mantissa times 2^-exponent: small ones are as precise as
// large ones.
struct Scaled {
    uint mantissa, exponent;
};

#ifndef GL_core_profile
typedef struct NormalPair NormalPair;
typedef struct Scaled Scaled;
#endif

// -2 ln((1 + t) / 2) / (1 - t), from 2 ln 2 down to 1, Q31, of t Q32 in 0 .. 1.
SHARED uint log_series(uint t)
{
    uint sum = 0x002b5478u;
    sum = 0x01350fc6u - mul_high(sum, t);
    sum = 0x04097588u - mul_high(sum, t);
    sum = 0x089fbabau - mul_high(sum, t);
    sum = 0x0dbf37e2u - mul_high(sum, t);
    sum = 0x1264ea50u - mul_high(sum, t);
    sum = 0x16ca2364u - mul_high(sum, t);
    sum = 0x1c10380eu - mul_high(sum, t);
    sum = 0x23e1ff4au - mul_high(sum, t);
    sum = 0x3172076cu - mul_high(sum, t);
    sum = 0x4e8de7b1u - mul_high(sum, t);
    return 0xb17217f8u - mul_high(sum, t);
}

// -2 ln u, of u = (word + 1/2) / 2^32: never 0 or 1. With u = 2^-k (1 + t) / 2
// it is 2 k ln 2 + (1 - t) log_series(t).
SHARED Scaled minus_two_log(uint word)
{
    Scaled result;

    if (word >= 0x80000000u) { // k = 0: the sum may be tiny, and its root is not
        const uint t = word << 1;
        const uint rest = ~t; // 1 - t exactly, Q32: t ends in the half of word + 1/2
        const uint shift = 31u - top_bit(rest);
        result.mantissa = mul_high(rest << shift, log_series(t));
        result.exponent = 31u + shift;
    } else {
        const uint u = 2u * word + 1u; // Q33
        const uint shift = 31u - top_bit(u);
        const uint k = shift + 1u;
        const uint t = (u << shift) << 1; // shift may be 31
        // 2 k ln 2, of which 2 ln 2 is given as Q31
        const uint whole = (mul_high(k, 0xb17217f8u) << 27) | ((k * 0xb17217f8u) >> 5);
        result.mantissa = whole + (mul_high(~t, log_series(t)) >> 5);
        result.exponent = 26u;
    }
    return result;
}

// The square root, Q29, of what is below 64.
SHARED uint square_root(Scaled x)
{
    // To a mantissa of 1/4 .. 1, Q32, and an even exponent.
    const uint shift = 31u - top_bit(x.mantissa);
    const uint odd = (x.exponent + shift) & 1u;
    const uint m = (x.mantissa << shift) >> odd;
    const uint exponent = x.exponent + shift - odd;

    // Newton's iteration for y = 1 / sqrt(m), Q31, y <- y (3 - m y y) / 2: it
    // starts within 14 % and thereafter stays below, so that y is below 2.
    uint y = 0xfeb851ebu - mul_high(0x86666666u, m);
    for (int i = 0; i < 4; i++)
        y = mul_high(y, 0xc0000000u - mul_high(m, mul_high(y, y))) << 1;

    return (mul_high(m, y) << 1) >> (exponent / 2u - 13u);
}

// sin(pi / 2 t), Q31, of t Q32 in 0 .. 1.
SHARED uint quarter_sine(uint t)
{
    const uint square = mul_high(t, t);

    uint sum = 0x00001ccau;
    sum = 0x00054050u - mul_high(sum, square);
    sum = 0x00996897u - mul_high(sum, square);
    sum = 0x0a335e03u - mul_high(sum, square);
    sum = 0x52aef394u - mul_high(sum, square);
    sum = 0xc90fdaa2u - mul_high(sum, square);
    return mul_high(sum, t);
}

// A magnitude Q28 as a float, exactly: what has more than the 24 bits of a
// float is rounded to them first. It is made odd before, so never zero, and
// zero's sign is no question.
SHARED float to_float(uint magnitude, bool negative)
{
    const uint bits = top_bit(magnitude | 1u);
    const uint excess = bits > 23u ? bits - 23u : 0u;
    const uint rounded = (((magnitude | 1u) + ((1u << excess) >> 1)) >> excess) << excess;
    const float whole = rounded;
    const float value = whole * (1.0f / 268435456.0f);

    return negative ? -value : value;
}

// Two independent normals of two random words. The second word's upper two bits
// are the signs, the others the angle within a quarter turn.
SHARED NormalPair normal_pair(uint radius_word, uint angle_word)
{
    const uint radius = square_root(minus_two_log(radius_word));
    const uint angle = (angle_word << 2) | 2u; // Q32 of a quarter turn, in the middle of its step

    NormalPair pair;
    pair.cosine =
        to_float(mul_high(radius, quarter_sine(~angle + 1u)), (angle_word & 0x80000000u) != 0u);
    pair.sine = to_float(mul_high(radius, quarter_sine(angle)), (angle_word & 0x40000000u) != 0u);
    return pair;
}

#endif
