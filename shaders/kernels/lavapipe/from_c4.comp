#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require

// From C4 to row-major [N, C, H, W]; four texels are four channels' four pixels,
// where they divide the plane.

#include "include/map.glsl"

layout(binding = 0, rgba32f) uniform restrict readonly imageBuffer x; // C4
#if TEXELS == 4
layout(binding = 1) writeonly restrict buffer Y { u64vec2 y[]; }; // [N, C, H, W]
#else
layout(binding = 1) writeonly restrict buffer Y { float y[]; }; // [N, C, H, W]
#endif

uint channels = p.channels;
uint base = (map_image * p.channels + map_plane * 4) * map_pixels;

void make(uint pixel)
{
    const int at = int(map_base + pixel);
#if TEXELS == 4
    const mat4 four = transpose(mat4(imageLoad(x, at), imageLoad(x, at + 1), imageLoad(x, at + 2),
                                     imageLoad(x, at + 3)));
    [[unroll]] for (uint k = 0; k < 4; k++) {
        if (map_plane * 4 + k < channels)
            y[(base + k * map_pixels + pixel) / 4] = stored(four[k]);
    }
#else
    const vec4 one = imageLoad(x, at);
    for (uint k = 0; k < 4; k++) {
        if (map_plane * 4 + k < channels)
            y[base + k * map_pixels + pixel] = one[k];
    }
#endif
}

void main()
{
    walk();
}
