#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require

// Squares of two by two, whose four pixels are a texel of C4: of two rows of four
// pixels a lane makes two. Formula and shapes: engine/ops/space_to_depth.c.

#include "include/divide.glsl"
#include "include/map.glsl"

layout(binding = 0, rgba32f) uniform restrict readonly imageBuffer x; // [N, C, 2 H, 2 W], W even
layout(binding = 1) writeonly restrict buffer Y { u64vec4 y[]; };     // C4

uint width = p.width;
float inverse_width = p.inverse_width;

void make(uint pixel)
{
    const uint row = divide(pixel, width, inverse_width);
    const int from = int(map_base + (row * width + pixel) / 2);
    const vec4 upper = imageLoad(x, from), lower = imageLoad(x, from + int(width / 2));
    y[(map_base + pixel) / 2] = stored(vec4(upper.xy, lower.xy), vec4(upper.zw, lower.zw));
}

void main()
{
    walk();
}
