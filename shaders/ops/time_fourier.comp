#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require

// One invocation a frequency of an image: its sine and its cosine. Formula,
// shapes and where it rounds: engine/ops/time_fourier.c.

#include "params/time_fourier.h"

#define GROUP_SIZE ELEMENT_GROUP_SIZE
layout(local_size_x = GROUP_SIZE) in;

#include "include/index.glsl"
#include "include/rounded.glsl"
#include "include/trig.glsl"

layout(push_constant) uniform Push { TimeFourierParams p; };

layout(binding = 0) readonly buffer T { float t[]; };  // [N, 1, 1, 1]
layout(binding = 1) readonly buffer W { float w[]; };  // [1, D, 1, 1]
layout(binding = 2) writeonly buffer Y { float y[]; }; // [N, 2 D, 1, 1]

void main()
{
    const uint index = invocation_index();
    if (index >= p.count)
        return;

    const uint n = index / p.width;
    const uint i = index % p.width;
    precise float angle = log_rounded(t[n]) * w[i] * 2.0 * 3.14159274;
    const vec2 wave = sin_cos(angle);

    y[2 * n * p.width + i] = wave.x;
    y[(2 * n + 1) * p.width + i] = wave.y;
}
