#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require

// One invocation a frequency of an image: its sine and its cosine. Formula,
// shapes and where it rounds: engine/ops/time_sinusoidal.c.

#include "params/time_sinusoidal.h"

#define GROUP_SIZE ELEMENT_GROUP_SIZE
layout(local_size_x = GROUP_SIZE) in;

#include "include/index.glsl"
#include "include/rounded.glsl"
#include "include/trig.glsl"

layout(push_constant) uniform Push { TimeSinusoidalParams p; };

layout(binding = 0) readonly buffer T { float t[]; };  // [N, 1, 1, 1]
layout(binding = 1) writeonly buffer Y { float y[]; }; // [N, dim, 1, 1]

void main()
{
    const uint index = invocation_index();
    if (index >= p.count)
        return;

    const uint n = index / p.half_dim;
    const uint i = index % p.half_dim;
    const float frequency =
        exp_rounded(quotient_rounded(-TIME_SINUSOIDAL_LN_10000 * float(i), p.divisor));
    const vec2 wave = sin_cos(t[n] * frequency);

    y[n * p.dim + p.sin_offset + i] = wave.x;
    y[n * p.dim + p.cos_offset + i] = wave.y;
    if (i == 0 && p.dim % 2 != 0)
        y[n * p.dim + p.dim - 1] = 0.0;
}
