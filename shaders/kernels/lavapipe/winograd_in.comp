#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require

// B^T d B of each SPAN x SPAN tile; tiles step by SIZE and start one pixel outside.
// What lies further out than that counts for nothing. A lane makes TILES tiles: two
// neighbours where rows hold an even number of them, so that they share columns and
// a store.

#define GROUP_SIZE 8
layout(local_size_x = GROUP_SIZE) in;

#include "params/winograd.h"
#include "include/divide.glsl"
#include "include/outside.glsl"
#include "include/stored.glsl"
#include "include/winograd.glsl"
#include "include/wrap.glsl"

#define COLUMNS (TILES * SIZE + 2)

layout(push_constant) uniform Push { WinogradParams p; };

layout(binding = 0, rgba32f) uniform restrict readonly imageBuffer x; // C4
#if TILES == 2
layout(binding = 1) writeonly restrict buffer S { u64vec4 spectrum[]; }; // [SPAN * SPAN][C / 4][tiles]
#else
layout(binding = 1) writeonly restrict buffer S { u64vec2 spectrum[]; }; // [SPAN * SPAN][C / 4][tiles]
#endif

void main()
{
    const uint tile = (gl_WorkGroupID.x * GROUP_SIZE + gl_LocalInvocationID.x) * TILES;
    const uint plane = gl_WorkGroupID.y;
    const uint image = divide(p.first_tile + tile, p.image_tiles, p.inverse_image_tiles);
    const uint in_image = p.first_tile + tile - image * p.image_tiles;
    const uint tile_row = divide(in_image, p.row_tiles, p.inverse_row_tiles);
    const int top = int(tile_row * SIZE) - 1;
    const int left = int((in_image - tile_row * p.row_tiles) * SIZE) - 1;
    const uint height = p.height >> p.doubled, width = p.width >> p.doubled; // as it is given
    const int first = int((image * p.planes + plane) * height * width);

    // Two that are OUTSIDE make a sum that is, too.
    int row_at[SPAN];
    [[unroll]] for (int i = 0; i < SPAN; i++) {
        const uint row = wrapped(uint(top + i), p.wrap_height);
        row_at[i] = row < p.height && tile < p.tiles ? first + int((row >> p.doubled) * width) : OUTSIDE;
    }

    vec4 d[COLUMNS][SPAN]; // [column][row]
    [[unroll]] for (int j = 0; j < COLUMNS; j++) {
        const uint column = wrapped(uint(left + j), p.wrap_width);
        const int column_at = column < p.width ? int(column >> p.doubled) : OUTSIDE;
        [[unroll]] for (int i = 0; i < SPAN; i++)
            d[j][i] = imageLoad(x, row_at[i] + column_at);
        spread(d[j]);
    }

    const uint to = plane * p.tiles + tile;
    const uint step = p.frequency_stride;
    if (tile < p.tiles) {
        [[unroll]] for (int i = 0; i < SPAN; i++) {
            vec4 row[TILES][SPAN];
            [[unroll]] for (int t = 0; t < TILES; t++) {
                [[unroll]] for (int j = 0; j < SPAN; j++)
                    row[t][j] = d[t * SIZE + j][i];
                spread(row[t]);
            }
            [[unroll]] for (int j = 0; j < SPAN; j++) {
                const uint at = (to + (i * SPAN + j) * step) / TILES;
#if TILES == 2
                spectrum[at] = stored(row[0][j], row[1][j]);
#else
                spectrum[at] = stored(row[0][j]);
#endif
            }
        }
    }
}
