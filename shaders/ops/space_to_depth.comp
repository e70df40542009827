#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require

// One invocation writes one value. Formula and shapes:
// engine/ops/space_to_depth.c.

#include "params/space_to_depth.h"

#define GROUP_SIZE ELEMENT_GROUP_SIZE
layout(local_size_x = GROUP_SIZE) in;

#include "include/index.glsl"

layout(push_constant) uniform Push { SpaceToDepthParams p; };

layout(binding = 0) readonly buffer X { float x[]; };  // [N, C, H, W]
layout(binding = 1) writeonly buffer Y { float y[]; }; // [N, C p p, H / p, W / p]

void main()
{
    const uint i = invocation_index();
    if (i >= p.count)
        return;

    const uint u = i % p.width;
    const uint v = i / p.width % p.height;
    const uint plane = i / p.width / p.height;
    const uint square = p.factor * p.factor;
    const uint dy = plane % square / p.factor, dx = plane % p.factor;

    const uint row = (plane / square * p.height + v) * p.factor + dy;
    y[i] = x[(row * p.width + u) * p.factor + dx];
}
