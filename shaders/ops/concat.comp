#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require

// One invocation a value of y. Shapes: engine/ops/concat.c.

#include "params/concat.h"

#define GROUP_SIZE ELEMENT_GROUP_SIZE
layout(local_size_x = GROUP_SIZE) in;

#include "include/index.glsl"

layout(push_constant) uniform Push { ConcatParams p; };

layout(binding = 0) readonly buffer A { float a[]; };  // [N, A, H, W]
layout(binding = 1) readonly buffer B { float b[]; };  // [N, B, H, W]
layout(binding = 2) writeonly buffer Y { float y[]; }; // [N, A + B, H, W]

void main()
{
    const uint i = invocation_index();
    if (i >= p.count)
        return;

    const uint n = i / (p.a_size + p.b_size);
    const uint within = i % (p.a_size + p.b_size);
    y[i] = within < p.a_size ? a[n * p.a_size + within] : b[n * p.b_size + within - p.a_size];
}
