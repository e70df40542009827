#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require

// B^T d B of each SPAN x SPAN tile. A lane makes TILES tiles: two
// neighbours where rows hold an even number of them, so that they share columns and
// a store.

#define GROUP_SIZE 8
layout(local_size_x = GROUP_SIZE) in;

#include "params/winograd.h"
#include "include/divide.glsl"
#include "include/outside.glsl"
#include "include/stored.glsl"

layout(push_constant) uniform Push { WinogradParams p; };

layout(binding = 0, rgba32f) uniform restrict readonly imageBuffer x; // C4
#if TILES == 2
layout(binding = 1) writeonly restrict buffer S { u64vec4 spectrum[]; }; // [SPAN * SPAN][C / 4][tiles]
#else
layout(binding = 1) writeonly restrict buffer S { u64vec2 spectrum[]; }; // [SPAN * SPAN][C / 4][tiles]
#endif

#define SOURCE  x
#define DOUBLED p.doubled
#include "include/winograd_in.glsl"

void main()
{
    const uint tile = (gl_WorkGroupID.x * GROUP_SIZE + gl_LocalInvocationID.x) * TILES;
    const uint plane = gl_WorkGroupID.y;
    const uint image = divide(p.first_tile + tile, p.image_tiles, p.inverse_image_tiles);
    const uint in_image = p.first_tile + tile - image * p.image_tiles;
    const int first = int((image * p.planes + plane) * given_height * given_width);

    transform_in(in_image, tile < p.tiles, first, plane * p.tiles + tile);
}
