#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require

// A^T m A of each tile, plus the bias: SIZE x SIZE pixels, one lane a tile.

#define GROUP_SIZE 8
layout(local_size_x = GROUP_SIZE) in;

#include "params/winograd.h"
#include "include/divide.glsl"
#include "include/outside.glsl"
#include "include/winograd.glsl"

layout(push_constant) uniform Push { WinogradParams p; };

layout(binding = 0, rgba32f) uniform restrict readonly imageBuffer spectrum; // [SPAN * SPAN][O / 4][tiles]
layout(binding = 1, rgba32f) uniform restrict readonly imageBuffer bias;     // [O], zeros to a texel
layout(binding = 2, rgba32f) uniform restrict writeonly imageBuffer y;       // C4

void main()
{
    const uint tile = gl_WorkGroupID.x * GROUP_SIZE + gl_LocalInvocationID.x;
    const uint plane = gl_WorkGroupID.y;
    const uint image = divide(p.first_tile + tile, p.image_tiles, p.inverse_image_tiles);
    const uint in_image = p.first_tile + tile - image * p.image_tiles;
    const uint tile_row = divide(in_image, p.row_tiles, p.inverse_row_tiles);
    const uint top = tile_row * SIZE;
    const uint left = (in_image - tile_row * p.row_tiles) * SIZE;
    const int first = int((image * p.planes + plane) * p.height * p.width);
    const int from = tile < p.tiles ? int(plane * p.tiles + tile) : OUTSIDE;
    const vec4 offset = imageLoad(bias, int(plane));

    vec4 part[SPAN][SIZE]; // [column][row]
    [[unroll]] for (int j = 0; j < SPAN; j++) {
        vec4 m[SPAN];
        [[unroll]] for (int i = 0; i < SPAN; i++)
            m[i] = imageLoad(spectrum, from + (i * SPAN + j) * int(p.frequency_stride));
        collect(m, part[j]);
    }

    [[unroll]] for (int i = 0; i < SIZE; i++) {
        vec4 m[SPAN], row[SIZE];
        [[unroll]] for (int j = 0; j < SPAN; j++)
            m[j] = part[j][i];
        collect(m, row);
        [[unroll]] for (int j = 0; j < SIZE; j++) {
            const bool inside = top + i < p.height && left + j < p.width && tile < p.tiles;
            const int at = first + int((top + i) * p.width + left + j);
            imageStore(y, inside ? at : OUTSIDE, row[j] + offset);
        }
    }
}
