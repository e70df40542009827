// SPDX-License-Identifier: GPL-3.0-or-later
#include "vk/kernels/gpu/half.h"

#include <math.h>
#include <string.h>

#define SIGN         0x8000u
#define INFINITE     0x7c00u
#define NOT_A_NUMBER 0x7e00u

// Below 2^-14 a half counts steps of 2^-24. The greatest of them, rounded up, is
// the bits of 2^-14 itself.
static uint16_t small(float magnitude)
{
    return (uint16_t)lrintf(magnitude * 0x1p24f);
}

uint16_t sfm_half_from_float(float value)
{
    const uint16_t sign = signbit(value) ? SIGN : 0;
    const float magnitude = fabsf(value);
    uint32_t bits;

    if (isnan(value))
        return NOT_A_NUMBER;
    if (magnitude < 0x1p-14f)
        return (uint16_t)(sign | small(magnitude));
    if (magnitude >= 65520.0f) // half a step above the greatest
        return (uint16_t)(sign | INFINITE);

    // Of the mantissa's 23 bits ten stay; 15 is the bias of the exponent, not 127.
    memcpy(&bits, &magnitude, sizeof bits);
    bits -= (127u - 15u) << 23;
    bits += 0xfff + (bits >> 13 & 1);
    return (uint16_t)(sign | bits >> 13);
}
