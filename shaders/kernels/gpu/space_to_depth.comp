#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require

// space_to_depth of a plain image: formula in engine/ops/space_to_depth.c.

#include "include/gpu_map.glsl"

layout(binding = 0) restrict readonly buffer X { float x[]; };     // [N, C, H, W]
layout(binding = 1) restrict writeonly buffer Y { ELEMENT4 y[]; }; // [N, H / p, W / p, C p p]

float made(uint row, uint column, uint channel)
{
    if (channel >= p.channels)
        return 0.0;

    const uint square = p.factor * p.factor;
    const uint plane = map_image * (p.channels / square) + channel / square;
    const uint dy = channel % square / p.factor, dx = channel % p.factor;
    return x[(plane * p.in_height + row * p.factor + dy) * p.in_width + column * p.factor + dx];
}

void main()
{
    if (map_index >= p.count)
        return;

    const uint pixel = map_index / p.quads, c = map_index % p.quads * 4;
    const uint row = pixel / p.width, column = pixel % p.width;
    y[map_image * p.count + map_index] =
        stored4(vec4(made(row, column, c), made(row, column, c + 1), made(row, column, c + 2),
                    made(row, column, c + 3)));
}
