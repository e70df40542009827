// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers as pairs: the sum of two floats that is never carried out, x the
// larger, y what rounding x left over. 48 bits where fp64 is not at hand.
//
// pair_sum and pair_product are exact (Knuth, The Art of Computer Programming,
// vol. 2, 4.2.2, theorem B; Dekker, Numer. Math. 18 (1971)), the rest within a
// few 2^-46. All of it rests on sums and products being rounded to the nearest,
// each by itself: hence `precise`, which forbids to contract or reorder them.

vec2 pair_sum(float a, float b)
{
    precise float sum = a + b;
    precise float b_taken = sum - a;
    precise float rest = (a - (sum - b_taken)) + (b - b_taken);
    return vec2(sum, rest);
}

// The upper 12 bits of the significand: products of two such are exact.
float upper_half(float a)
{
    return uintBitsToFloat(floatBitsToUint(a) & 0xfffff000u);
}

vec2 pair_product(float a, float b)
{
    const float a_upper = upper_half(a), b_upper = upper_half(b);
    precise float a_lower = a - a_upper, b_lower = b - b_upper;
    precise float product = a * b;
    precise float rest =
        ((a_upper * b_upper - product) + a_upper * b_lower + a_lower * b_upper) + a_lower * b_lower;
    return vec2(product, rest);
}

vec2 pair_add(vec2 a, float b)
{
    const vec2 sum = pair_sum(a.x, b);
    precise float rest = sum.y + a.y;
    return pair_sum(sum.x, rest);
}

vec2 pair_multiply(vec2 a, vec2 b)
{
    const vec2 product = pair_product(a.x, b.x);
    precise float rest = product.y + (a.x * b.y + a.y * b.x);
    return pair_sum(product.x, rest);
}

vec2 pair_divide(vec2 a, float b)
{
    const float quotient = a.x / b;
    const vec2 taken = pair_product(quotient, b);
    precise float remainder = ((a.x - taken.x) - taken.y) + a.y;
    return pair_sum(quotient, remainder / b);
}
