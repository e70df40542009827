#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require

// From row-major [N, C, H, W] to C4.

#include "include/map.glsl"

layout(binding = 0) readonly buffer X { float x[]; };                  // [N, C, H, W]
layout(binding = 1, rgba32f) uniform restrict writeonly imageBuffer y; // C4

uint channels = p.channels;
uint base = (map_image * p.channels + map_plane * 4) * map_pixels;

void make(uint pixel, int at)
{
    vec4 four = vec4(0.0);
    for (uint k = 0; k < 4; k++) {
        if (map_plane * 4 + k < channels && at != OUTSIDE)
            four[k] = x[base + k * map_pixels + pixel];
    }
    imageStore(y, at, four);
}

void main()
{
    walk();
}
