#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require

// One invocation a value. Formula and shapes: engine/ops/add_channels.c.

#include "params/add_channels.h"

#define GROUP_SIZE ELEMENT_GROUP_SIZE
layout(local_size_x = GROUP_SIZE) in;

#include "include/index.glsl"

layout(push_constant) uniform Push { AddChannelsParams p; };

layout(binding = 0) readonly buffer X { float x[]; };  // [N, C, H, W]
layout(binding = 1) readonly buffer V { float v[]; };  // [N, C, 1, 1]
layout(binding = 2) writeonly buffer Y { float y[]; }; // as x

void main()
{
    const uint i = invocation_index();
    if (i >= p.count)
        return;

    y[i] = x[i] + v[i / p.pixels];
}
