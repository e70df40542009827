#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require

// One invocation a value.

#include "params/copy.h"

#define GROUP_SIZE ELEMENT_GROUP_SIZE
layout(local_size_x = GROUP_SIZE) in;

#include "include/index.glsl"

layout(push_constant) uniform Push { CopyParams p; };

layout(binding = 0) readonly buffer X { float x[]; };  // any shape
layout(binding = 1) writeonly buffer Y { float y[]; }; // as x

void main()
{
    const uint i = invocation_index();
    if (i >= p.count)
        return;

    y[i] = x[i];
}
