#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require

// One invocation writes one value. Formula and shapes: engine/ops/avg_pool.c.

#include "params/avg_pool.h"

#define GROUP_SIZE ELEMENT_GROUP_SIZE
layout(local_size_x = GROUP_SIZE) in;

#include "include/index.glsl"

layout(push_constant) uniform Push { AvgPoolParams p; };

layout(binding = 0) readonly buffer X { float x[]; };  // [N, C, H, W]
layout(binding = 1) writeonly buffer Y { float y[]; }; // [N, C, H / 2, W / 2]

void main()
{
    const uint i = invocation_index();
    if (i >= p.count)
        return;

    const uint row = i / p.width, column = i % p.width;
    const uint upper = 2 * row * 2 * p.width + 2 * column;
    const uint lower = upper + 2 * p.width;
    y[i] = (x[upper] + x[upper + 1] + x[lower] + x[lower + 1]) * 0.25;
}
