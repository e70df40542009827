#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require

// One value for each channel of each image: add_channels, or, with SCALED,
// scale_shift. Formulas and shapes: engine/ops/add_channels.c, scale_shift.c.

#define MADE 2
#include "include/map.glsl"
#ifdef SCALED
#include "include/activate4.glsl"
#endif

layout(binding = 0, rgba32f) uniform restrict readonly imageBuffer x; // C4
layout(binding = 1) readonly buffer V { float v[]; };                 // [N, C], SCALED: [N, 2 C]

vec4 scale, shift;

vec4 made(uint pixel, int at)
{
#ifdef SCALED
    return activate4(imageLoad(x, at) * scale + shift);
#else
    return imageLoad(x, at) + shift;
#endif
}

// The four channels of this plane, from `row` on; zeros beyond the last channel.
vec4 values(uint row)
{
    vec4 four;
    [[unroll]] for (uint k = 0; k < 4; k++) {
        const uint c = map_plane * 4 + k;
        four[k] = c < p.channels ? v[row + c] : 0.0;
    }
    return four;
}

void main()
{
#ifdef SCALED
    scale = 1.0 + values(map_image * 2 * p.channels);
    shift = values(map_image * 2 * p.channels + p.channels);
#else
    shift = values(map_image * p.channels);
#endif
    walk();
}
