#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require

// B^T d B of each SPAN x SPAN tile, one lane a tile; tiles step by SIZE and start
// one pixel outside. What lies further out than that counts for nothing.

#define GROUP_SIZE 8
layout(local_size_x = GROUP_SIZE) in;

#include "params/winograd.h"
#include "include/divide.glsl"
#include "include/outside.glsl"
#include "include/winograd.glsl"
#include "include/wrap.glsl"

layout(push_constant) uniform Push { WinogradParams p; };

layout(binding = 0, rgba32f) uniform restrict readonly imageBuffer x;         // C4
layout(binding = 1, rgba32f) uniform restrict writeonly imageBuffer spectrum; // [SPAN * SPAN][C / 4][tiles]

void main()
{
    const uint tile = gl_WorkGroupID.x * GROUP_SIZE + gl_LocalInvocationID.x;
    const uint plane = gl_WorkGroupID.y;
    const uint image = divide(p.first_tile + tile, p.image_tiles, p.inverse_image_tiles);
    const uint in_image = p.first_tile + tile - image * p.image_tiles;
    const uint tile_row = divide(in_image, p.row_tiles, p.inverse_row_tiles);
    const int top = int(tile_row * SIZE) - 1;
    const int left = int((in_image - tile_row * p.row_tiles) * SIZE) - 1;
    const int first = int((image * p.planes + plane) * p.height * p.width);

    vec4 d[SPAN][SPAN]; // [column][row]
    [[unroll]] for (int j = 0; j < SPAN; j++) {
        [[unroll]] for (int i = 0; i < SPAN; i++) {
            const uint row = wrapped(uint(top + i), p.wrap_height);
            const uint column = wrapped(uint(left + j), p.wrap_width);
            const bool inside = row < p.height && column < p.width && tile < p.tiles;
            d[j][i] = imageLoad(x, inside ? first + int(row * p.width + column) : OUTSIDE);
        }
        spread(d[j]);
    }

    const int to = tile < p.tiles ? int(plane * p.tiles + tile) : OUTSIDE;
    [[unroll]] for (int i = 0; i < SPAN; i++) {
        vec4 row[SPAN];
        [[unroll]] for (int j = 0; j < SPAN; j++)
            row[j] = d[j][i];
        spread(row);
        [[unroll]] for (int j = 0; j < SPAN; j++)
            imageStore(spectrum, to + (i * SPAN + j) * int(p.frequency_stride), row[j]);
    }
}
