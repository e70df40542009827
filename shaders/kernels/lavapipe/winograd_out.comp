#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require

// A^T m A of each tile, plus the bias and an addend: SIZE x SIZE pixels, one lane a
// tile. They are stored two by two where PAIRED: where rows hold an even number of
// pixels. With RESIDUAL the addend has a texel for each pixel, else one for all.

#define GROUP_SIZE 8
layout(local_size_x = GROUP_SIZE) in;

#include "params/winograd.h"
#include "include/divide.glsl"
#include "include/outside.glsl"
#include "include/stored.glsl"
#include "include/winograd.glsl"

layout(push_constant) uniform Push { WinogradParams p; };

layout(binding = 0, rgba32f) uniform restrict readonly imageBuffer spectrum; // [SPAN * SPAN][O / 4][tiles]
layout(binding = 1, rgba32f) uniform restrict readonly imageBuffer bias;     // [O], zeros to a texel
layout(binding = 2, rgba32f) uniform readonly imageBuffer addend;            // C4; may lie where y does
#ifdef PAIRED
layout(binding = 3) writeonly buffer Y { u64vec4 y[]; }; // C4
#else
layout(binding = 3) writeonly buffer Y { u64vec2 y[]; }; // C4
#endif

void main()
{
    const uint tile = gl_WorkGroupID.x * GROUP_SIZE + gl_LocalInvocationID.x;
    const uint plane = gl_WorkGroupID.y;
    const uint image = divide(p.first_tile + tile, p.image_tiles, p.inverse_image_tiles);
    const uint in_image = p.first_tile + tile - image * p.image_tiles;
    const uint tile_row = divide(in_image, p.row_tiles, p.inverse_row_tiles);
    const uint top = tile_row * SIZE;
    const uint left = (in_image - tile_row * p.row_tiles) * SIZE;
    const uint first = (image * p.planes + plane) * p.height * p.width;
    const int from = tile < p.tiles ? int(plane * p.tiles + tile) : OUTSIDE;
    const uint rows = tile < p.tiles ? p.height - top : 0, columns = p.width - left;
    const vec4 offset = imageLoad(bias, int(plane));
    const int step = int(p.frequency_stride);
    const float scale = p.scale;
#ifndef RESIDUAL
    const int more = p.addend_image != 0 ? int(image * p.addend_image + plane) : OUTSIDE;
    const vec4 addition = imageLoad(addend, more);
#endif

    vec4 part[SPAN][SIZE]; // [column][row]
    [[unroll]] for (int j = 0; j < SPAN; j++) {
        vec4 m[SPAN];
        [[unroll]] for (int i = 0; i < SPAN; i++)
            m[i] = imageLoad(spectrum, from + (i * SPAN + j) * step);
        collect(m, part[j]);
    }

    [[unroll]] for (int i = 0; i < SIZE; i++) {
        vec4 m[SPAN], row[SIZE];
        [[unroll]] for (int j = 0; j < SPAN; j++)
            m[j] = part[j][i];
        collect(m, row);
        const uint at = first + (top + i) * p.width + left;
        [[unroll]] for (int j = 0; j < SIZE; j++) {
#ifdef RESIDUAL
            const vec4 addition = imageLoad(addend, int(at + j));
#endif
            row[j] = (row[j] + offset + addition) * scale;
        }
#ifdef PAIRED
        [[unroll]] for (int j = 0; j < SIZE; j += 2) {
            if (i < rows && j < columns)
                y[(at + j) / 2] = stored(row[j], row[j + 1]);
        }
#else
        [[unroll]] for (int j = 0; j < SIZE; j++) {
            if (i < rows && j < columns)
                y[at + j] = stored(row[j]);
        }
#endif
    }
}
