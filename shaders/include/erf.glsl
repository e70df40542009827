// SPDX-License-Identifier: GPL-3.0-or-later
// erfc(x) = 1 - erf(x), within 2e-7 everywhere, and within 1e-5 erfc(x) for
// 0 < x < 9, where 1 - erf(x) would have cancelled. Both polynomials
// interpolate the exact functions, computed in double, at Chebyshev nodes:
// erf(x) / x in x^2 over [0, 1] (relative error 1.4e-9) and erfc(x) e^(x^2) / t
// in t = 2 / (2 + x) over 1 <= x <= 10.4 (1.3e-8). The rest is rounding.

float erfc_beyond_one(float x)
{
    const float t = 2.0 / (2.0 + x);
    float sum = 0.094144364;
    sum = sum * t - 0.22820232;
    sum = sum * t + 0.084862188;
    sum = sum * t + 0.059399969;
    sum = sum * t + 0.17940180;
    sum = sum * t + 0.24682445;
    sum = sum * t + 0.28205628;
    sum = sum * t + 0.28209759;
    return exp(-x * x) * t * sum;
}

float erfc(float x)
{
    if (x >= 1.0)
        return erfc_beyond_one(x);
    if (x <= -1.0)
        return 2.0 - erfc_beyond_one(-x);

    const float s = x * x;
    float sum = 7.8758751e-5;
    sum = sum * s - 8.0168643e-4;
    sum = sum * s + 5.1890874e-3;
    sum = sum * s - 2.6854212e-2;
    sum = sum * s + 0.11283595;
    sum = sum * s - 0.37612627;
    sum = sum * s + 1.1283792;
    return 1.0 - x * sum;
}
