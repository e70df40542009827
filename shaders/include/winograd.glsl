// SPDX-License-Identifier: GPL-3.0-or-later
// The one-dimensional Winograd transforms F(SIZE, 3) (Lavin & Gray,
// arXiv:1509.09308), SIZE 2 or 4: spread() is B^T, of inputs; collect() is A^T, of
// products. The filters' G stands in engine/vk/kernels/lavapipe/winograd.c.
//
// F(4, 3) takes its points at 0, +-1/sqrt 2, +-sqrt 2 and infinity, whose powers
// stay near 1: half the error of the usual 0, +-1, +-2.

#define SPAN (SIZE + 2)

#if SIZE == 4
const float ROOT = 1.41421356, HALF_ROOT = 0.70710678;

void spread(inout vec4 d[SPAN])
{
    const vec4 even = d[4] - 2.0 * d[2], odd = HALF_ROOT * d[3] - ROOT * d[1];
    const vec4 even2 = d[4] - 0.5 * d[2], odd2 = ROOT * d[3] - HALF_ROOT * d[1];
    const vec4 first = d[0] - 2.5 * d[2] + d[4];
    const vec4 last = d[1] - 2.5 * d[3] + d[5];

    d = vec4[](first, even + odd, even - odd, even2 + odd2, even2 - odd2, last);
}

void collect(in vec4 m[SPAN], out vec4 y[SIZE])
{
    const vec4 sum = m[1] + m[2], difference = m[1] - m[2];
    const vec4 sum2 = m[3] + m[4], difference2 = m[3] - m[4];

    y = vec4[](m[0] + sum + sum2, HALF_ROOT * difference + ROOT * difference2,
               0.5 * sum + 2.0 * sum2,
               0.5 * HALF_ROOT * difference + 2.0 * ROOT * difference2 + m[5]);
}
#else
void spread(inout vec4 d[SPAN])
{
    d = vec4[](d[0] - d[2], d[1] + d[2], d[2] - d[1], d[1] - d[3]);
}

void collect(in vec4 m[SPAN], out vec4 y[SIZE])
{
    y = vec4[](m[0] + m[1] + m[2], m[1] - m[2] - m[3]);
}
#endif
