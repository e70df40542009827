#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require

// From C4 to row-major [N, C, H, W].

#include "include/map.glsl"

layout(binding = 0, rgba32f) uniform restrict readonly imageBuffer x; // C4
layout(binding = 1) writeonly buffer Y { float y[]; };                // [N, C, H, W]

uint channels = p.channels;
uint base = (map_image * p.channels + map_plane * 4) * map_pixels;

void make(uint pixel, int at)
{
    const vec4 four = imageLoad(x, at);
    for (uint k = 0; k < 4; k++) {
        if (map_plane * 4 + k < channels && at != OUTSIDE)
            y[base + k * map_pixels + pixel] = four[k];
    }
}

void main()
{
    walk();
}
