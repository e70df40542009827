// SPDX-License-Identifier: GPL-3.0-or-later
// Quotient, exponential and logarithm, each the float nearest to the exact
// value: in the time embeddings the last bit counts, as it is multiplied by up
// to a thousand radians, and Vulkan grants 2.5 ULP to a division and 3 + 2 |x|
// to exp(x). Computed as pairs and rounded once; only a value that lies within
// some 2^-40 of the middle between two floats may go to the wrong one.

#include "include/pair.glsl"

float quotient_rounded(float a, float b)
{
    return pair_divide(vec2(a, 0.0), b).x;
}

// e^x = 2^n pair, |x| <= 87. ln 2 lies in three parts, the first two of 16
// significant bits, so that n times each is exact and so is x minus the first
// (Cody & Waite, Software Manual for the Elementary Functions, 1980).
vec2 exp_pair(float x, out int n)
{
    const float k = round(x * 1.44269504);
    precise float most = x - k * 0.693145751953125;
    const vec2 r = pair_add(pair_sum(most, -k * 1.4285906217992306e-6), -k * 1.6198510e-11);

    // Taylor: |r| <= ln(2) / 2, the first term left out is r^14 / 14! < 2^-57.
    vec2 sum = vec2(1.0, 0.0);
    for (uint i = 13; i >= 1; i--)
        sum = pair_add(pair_divide(pair_multiply(sum, r), float(i)), 1.0);
    n = int(k);
    return sum;
}

float exp_rounded(float x)
{
    int n;
    const vec2 power = exp_pair(x, n);
    return ldexp(power.x, n);
}

// One step of Newton from the device's own log: with u = x e^-guess - 1,
// ln x = guess + ln(1 + u), and u is tiny. For normal x > 0.
float log_rounded(float x)
{
    const float guess = log(x);
    int n;
    const vec2 power = exp_pair(-guess, n);
    const vec2 u = pair_add(pair_multiply(power, vec2(ldexp(x, n), 0.0)), -1.0);
    precise float rest = u.x - u.x * u.x * 0.5;
    return pair_sum(guess, rest + u.y).x;
}
