#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require

// One invocation a value of y. Shapes: engine/ops/slice.c.

#include "params/slice.h"

#define GROUP_SIZE ELEMENT_GROUP_SIZE
layout(local_size_x = GROUP_SIZE) in;

#include "include/index.glsl"

layout(push_constant) uniform Push { SliceParams p; };

layout(binding = 0) readonly buffer X { float x[]; };  // [N, C, H, W]
layout(binding = 1) writeonly buffer Y { float y[]; }; // [N, count, H, W]

void main()
{
    const uint i = invocation_index();
    if (i >= p.count)
        return;
    y[i] = x[i / p.y_size * p.x_size + p.first + i % p.y_size];
}
