// SPDX-License-Identifier: GPL-3.0-or-later
// Sine and cosine of |a| <= 50000 radians, within 1.5e-7. Vulkan's own are
// good to 2^-11, and only between -pi and pi.

// (sin a, cos a). pi / 2 lies in three parts, the first two of 9 significant
// bits, so that k times each is exact for k < 2^15 and nothing is lost but what
// the last part rounds (Cody & Waite, Software Manual for the Elementary
// Functions, 1980). The polynomials are Taylor's: for |r| <= pi / 4 the first
// terms left out are r^11 / 11! < 1.8e-9 and r^12 / 12! < 1.2e-10.
vec2 sin_cos(float a)
{
    const float k = round(a * 0.636619772);
    precise float r = ((a - k * 1.5703125) - k * 4.8351287841796875e-4) - k * 3.1391647e-7;

    const float s = r * r;
    const float sine =
        r + r * s * (-1.0 / 6.0 + s * (1.0 / 120.0 + s * (-1.0 / 5040.0 + s / 362880.0)));
    const float cosine =
        1.0 + s * (-0.5 + s * (1.0 / 24.0 + s * (-1.0 / 720.0 + s * (1.0 / 40320.0 -
                                                                     s / 3628800.0))));

    const int quarter = int(k) & 3;
    const vec2 turned = (quarter & 1) == 0 ? vec2(sine, cosine) : vec2(cosine, -sine);
    return (quarter & 2) == 0 ? turned : -turned;
}
