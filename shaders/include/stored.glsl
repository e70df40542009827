// SPDX-License-Identifier: GPL-3.0-or-later
// Texels as storage buffers take them soonest. llvmpipe stores lane by lane and
// component by component: of eight lanes a texel takes 200 to 300 cycles as an
// imageStore(), 120 as a vec4, 95 as a u64vec2, and two of them 130 as a u64vec4.
//
// An index counts bytes in 32 bits, so that OUTSIDE comes round to the beginning:
// a store that must not happen stands under an if, or goes BEYOND.

#extension GL_EXT_shader_explicit_arithmetic_types_int64 : require

// A texel that no storage buffer has, nor when a multiple of a plane is added.
const int BEYOND = 1 << 27;

u64vec2 stored(vec4 v)
{
    return u64vec2(packUint2x32(floatBitsToUint(v.xy)), packUint2x32(floatBitsToUint(v.zw)));
}

u64vec4 stored(vec4 a, vec4 b)
{
    return u64vec4(stored(a), stored(b));
}
