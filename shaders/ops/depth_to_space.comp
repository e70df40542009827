#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require

// One invocation writes one value. Formula and shapes:
// engine/ops/depth_to_space.c.

#include "params/depth_to_space.h"

#define GROUP_SIZE ELEMENT_GROUP_SIZE
layout(local_size_x = GROUP_SIZE) in;

#include "include/index.glsl"

layout(push_constant) uniform Push { DepthToSpaceParams p; };

layout(binding = 0) readonly buffer X { float x[]; };  // [N, C p p, H, W]
layout(binding = 1) writeonly buffer Y { float y[]; }; // [N, C, p H, p W]

void main()
{
    const uint i = invocation_index();
    if (i >= p.count)
        return;

    const uint column = i % (p.width * p.factor);
    const uint row = i / (p.width * p.factor); // of all planes, one below the other
    const uint v = row / p.factor % p.height, dy = row % p.factor;
    const uint u = column / p.factor, dx = column % p.factor;

    const uint plane = (row / p.factor / p.height * p.factor + dy) * p.factor + dx;
    y[i] = x[(plane * p.height + v) * p.width + u];
}
