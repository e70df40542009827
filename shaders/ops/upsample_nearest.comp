#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require

// One invocation writes one value. Formula and shapes:
// engine/ops/upsample_nearest.c.

#include "params/upsample_nearest.h"

#define GROUP_SIZE ELEMENT_GROUP_SIZE
layout(local_size_x = GROUP_SIZE) in;

#include "include/index.glsl"

layout(push_constant) uniform Push { UpsampleNearestParams p; };

layout(binding = 0) readonly buffer X { float x[]; };  // [N, C, H, W]
layout(binding = 1) writeonly buffer Y { float y[]; }; // [N, C, 2 H, 2 W]

void main()
{
    const uint i = invocation_index();
    if (i >= p.count)
        return;

    const uint row = i / p.width, column = i % p.width;
    y[i] = x[row / 2 * (p.width / 2) + column / 2];
}
