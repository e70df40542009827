#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require

// One invocation a value. Formula and shapes: engine/ops/scale_shift.c.

#include "params/scale_shift.h"

#define GROUP_SIZE ELEMENT_GROUP_SIZE
layout(local_size_x = GROUP_SIZE) in;

#include "include/activation.glsl"
#include "include/index.glsl"

layout(push_constant) uniform Push { ScaleShiftParams p; };

layout(binding = 0) readonly buffer X { float x[]; };  // [N, C, H, W]
layout(binding = 1) readonly buffer S { float s[]; };  // [N, 2 C, 1, 1]: scales, then shifts
layout(binding = 2) writeonly buffer Y { float y[]; }; // as x

void main()
{
    const uint i = invocation_index();
    if (i >= p.count)
        return;

    const uint plane = i / p.pixels; // n C + c
    const uint c = plane % p.channels;
    const uint scale_at = 2 * (plane - c) + c;
    y[i] = activate(x[i] * (1.0 + s[scale_at]) + s[scale_at + p.channels], p.act);
}
