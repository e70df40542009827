#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require

// Formula and shapes: engine/ops/add.c.

#define MADE 2
#include "include/map.glsl"

layout(binding = 0, rgba32f) uniform restrict readonly imageBuffer a; // C4
layout(binding = 1, rgba32f) uniform restrict readonly imageBuffer b; // as a

float scale = p.scale;

vec4 made(uint pixel, int at)
{
    return (imageLoad(a, at) + imageLoad(b, at)) * scale;
}

void main()
{
    walk();
}
