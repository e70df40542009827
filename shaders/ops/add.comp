#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require

// One invocation a value. Formula and shapes: engine/ops/add.c.

#include "params/add.h"

#define GROUP_SIZE ELEMENT_GROUP_SIZE
layout(local_size_x = GROUP_SIZE) in;

#include "include/index.glsl"

layout(push_constant) uniform Push { AddParams p; };

layout(binding = 0) readonly buffer A { float a[]; };  // any shape
layout(binding = 1) readonly buffer B { float b[]; };  // as a
layout(binding = 2) writeonly buffer Y { float y[]; }; // as a

void main()
{
    const uint i = invocation_index();
    if (i >= p.count)
        return;

    y[i] = (a[i] + b[i]) * p.scale;
}
