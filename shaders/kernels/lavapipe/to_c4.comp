#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require

// From row-major [N, C, H, W] to C4; four texels are four channels' four pixels,
// where they divide the plane.

#include "include/map.glsl"
#include "include/outside.glsl"

#if TEXELS == 4
layout(binding = 0, rgba32f) uniform restrict readonly imageBuffer x; // [N, C, H, W]
layout(binding = 1) writeonly restrict buffer Y { u64vec4 y[]; };     // C4
#else
layout(binding = 0) readonly buffer X { float x[]; };             // [N, C, H, W]
layout(binding = 1) writeonly restrict buffer Y { u64vec2 y[]; }; // C4
#endif

uint channels = p.channels;
uint base = (map_image * p.channels + map_plane * 4) * map_pixels;

void make(uint pixel)
{
#if TEXELS == 4
    mat4 four; // a column a channel
    [[unroll]] for (uint k = 0; k < 4; k++) {
        const uint at = (base + k * map_pixels + pixel) / 4;
        four[k] = imageLoad(x, map_plane * 4 + k < channels ? int(at) : OUTSIDE);
    }
    four = transpose(four);
    y[(map_base + pixel) / 2] = stored(four[0], four[1]);
    y[(map_base + pixel) / 2 + 1] = stored(four[2], four[3]);
#else
    vec4 one = vec4(0.0);
    for (uint k = 0; k < 4; k++) {
        if (map_plane * 4 + k < channels)
            one[k] = x[base + k * map_pixels + pixel];
    }
    y[map_base + pixel] = stored(one);
#endif
}

void main()
{
    walk();
}
