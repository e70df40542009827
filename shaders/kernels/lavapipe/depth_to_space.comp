#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require

// Squares of two by two, whose four pixels are a texel of C4: of two a lane makes
// two rows of four pixels. Formula and shapes: engine/ops/depth_to_space.c.

#include "include/divide.glsl"
#include "include/map.glsl"

layout(binding = 0, rgba32f) uniform restrict readonly imageBuffer x; // C4, W even; walk() has it
layout(binding = 1) writeonly restrict buffer Y { u64vec2 y[]; };     // [N, C, 2 H, 2 W]

uint width = p.width;
float inverse_width = p.inverse_width;

void make(uint pixel)
{
    const uint row = divide(pixel, width, inverse_width);
    const uint to = map_base + (row * width + pixel) / 2;
    const int from = int(map_base + pixel);
    const vec4 left = imageLoad(x, from), right = imageLoad(x, from + 1);
    y[to] = stored(vec4(left.xy, right.xy));
    y[to + width / 2] = stored(vec4(left.zw, right.zw));
}

void main()
{
    walk();
}
