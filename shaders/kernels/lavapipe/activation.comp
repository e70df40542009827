#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require

// Formula and shapes: engine/ops/activation.c.

#define MADE 1
#include "include/map.glsl"
#include "include/activate4.glsl"

layout(binding = 0, rgba32f) uniform restrict readonly imageBuffer x; // C4

vec4 made(uint pixel, int at)
{
    return activate4(imageLoad(x, at));
}

void main()
{
    walk();
}
