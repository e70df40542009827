#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require

// Where a's channels fill whole texels. Formula and shapes: engine/ops/concat.c.
// Of the two loads one is outside and gives zeros.

#define MADE 2
#include "include/map.glsl"
#include "include/outside.glsl"

layout(binding = 0, rgba32f) uniform restrict readonly imageBuffer a; // C4, in_planes planes
layout(binding = 1, rgba32f) uniform restrict readonly imageBuffer b; // C4

bool first = map_plane < p.in_planes;
uint base_a = (map_image * p.in_planes + map_plane) * map_pixels;
uint base_b = (map_image * (p.planes - p.in_planes) + map_plane - p.in_planes) * map_pixels;

vec4 made(uint pixel, int at)
{
    const vec4 from_a = imageLoad(a, first ? int(base_a + pixel) : OUTSIDE);
    const vec4 from_b = imageLoad(b, first ? OUTSIDE : int(base_b + pixel));
    return from_a + from_b;
}

void main()
{
    walk();
}
