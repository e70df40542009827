#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require

// Formula and shapes: engine/ops/activation.c.

#include "include/map.glsl"
#include "include/activate4.glsl"

layout(binding = 0, rgba32f) uniform restrict readonly imageBuffer x;  // C4
layout(binding = 1, rgba32f) uniform restrict writeonly imageBuffer y; // as x

void make(uint pixel, int at)
{
    imageStore(y, at, activate4(imageLoad(x, at)));
}

void main()
{
    walk();
}
