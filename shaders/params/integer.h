// SPDX-License-Identifier: GPL-3.0-or-later
// The two integer operations that C and GLSL spell differently.
#ifndef SFM_PARAMS_INTEGER_H
#define SFM_PARAMS_INTEGER_H

#include "params/types.h"

// The upper 32 bits of the product: of two fractions in units of 2^-32 and
// 2^-n, the product in units of 2^-n, rounded down.
SHARED uint mul_high(uint a, uint b)
{
#ifdef GL_core_profile
    uint high, low;
    umulExtended(a, b, high, low);
    return high;
#else
    return (uint)((uint64_t)a * b >> 32);
#endif
}

// The number of the highest set bit of a, which is not 0.
SHARED uint top_bit(uint a)
{
#ifdef GL_core_profile
    return uint(findMSB(a));
#else
    return 31u - (uint)__builtin_clz(a);
#endif
}

#endif
