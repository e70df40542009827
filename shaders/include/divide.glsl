// SPDX-License-Identifier: GPL-3.0-or-later
// a / b for a quotient below 2^22, given 1 / b as a float: one step off at most,
// and put right. llvmpipe divides integers lane by lane, some 70 cycles a vector.

uint divide(uint a, uint b, float inverse)
{
    uint q = uint(float(a) * inverse);
    q -= uint(q * b > a);
    q += uint(a - q * b >= b);
    return q;
}
