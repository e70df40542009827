#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require

// upsample_nearest, avg_pool, fir_up or fir_down, by the function that SAMPLE names.
// Formulas: engine/ops/NAME.c; how the filters' taps meet: shaders/ops/fir_up.comp.

#include "include/gpu_map.glsl"
#include "include/wrap.glsl"

layout(binding = 0) restrict readonly buffer X { ELEMENT4 x[]; };  // [N, H, W, C]
layout(binding = 1) restrict writeonly buffer Y { ELEMENT4 y[]; }; // [N, H, W, C], twice or half

uint quad = map_index % p.quads;

vec4 at(uint row, uint column)
{
    return load4(x[((map_image * p.in_height + row) * p.in_width + column) * p.quads + quad]);
}

// Zero outside what wraps. Row and column -1 arrive as the largest uint.
vec4 at_or_beyond(uint row, uint column)
{
    row = wrapped(row, p.wrap_height);
    column = wrapped(column, p.wrap_width);
    if (row >= p.in_height || column >= p.in_width)
        return vec4(0.0);
    return at(row, column);
}

vec4 nearest(uint row, uint column)
{
    return at(row / 2, column / 2);
}

vec4 mean(uint row, uint column)
{
    const uint upper = 2 * row, left = 2 * column;
    return (at(upper, left) + at(upper, left + 1) + at(upper + 1, left) + at(upper + 1, left + 1)) *
           0.25;
}

// The neighbour on whose side of its pixel the output lies.
uint neighbour(uint i)
{
    return i % 2 == 0 ? i / 2 - 1 : i / 2 + 1;
}

vec4 fir_up(uint v, uint u)
{
    const vec4 here = at_or_beyond(v / 2, u / 2) * 0.75 + at_or_beyond(v / 2, neighbour(u)) * 0.25;
    const vec4 there = at_or_beyond(neighbour(v), u / 2) * 0.75 +
                       at_or_beyond(neighbour(v), neighbour(u)) * 0.25;
    return here * 0.75 + there * 0.25;
}

vec4 filtered_row(uint row, uint u)
{
    return (at_or_beyond(row, 2 * u - 1) + at_or_beyond(row, 2 * u + 2)) * 0.125 +
           (at_or_beyond(row, 2 * u) + at_or_beyond(row, 2 * u + 1)) * 0.375;
}

vec4 fir_down(uint v, uint u)
{
    return (filtered_row(2 * v - 1, u) + filtered_row(2 * v + 2, u)) * 0.125 +
           (filtered_row(2 * v, u) + filtered_row(2 * v + 1, u)) * 0.375;
}

void main()
{
    if (map_index >= p.count)
        return;

    const uint pixel = map_index / p.quads;
    y[map_image * p.count + map_index] = stored4(SAMPLE(pixel / p.width, pixel % p.width));
}
