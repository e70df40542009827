#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require

// Twice or half the size, by SAMPLE. Formulas and shapes: engine/ops/
// upsample_nearest.c, avg_pool.c, fir_up.c, fir_down.c.

#define MADE 1
#include "include/map.glsl"
#include "include/divide.glsl"
#include "include/outside.glsl"
#include "include/wrap.glsl"

layout(binding = 0, rgba32f) uniform restrict readonly imageBuffer x; // C4

int height = int(p.in_height), width = int(p.in_width), out_width = int(p.width);
int base = int((map_image * p.planes + map_plane) * p.in_height * p.in_width);
float inverse_width = p.inverse_width;
uint wrap_height = p.wrap_height, wrap_width = p.wrap_width;

// Zeros outside the image, where it does not wrap.
vec4 pixel_at(int row, int column)
{
    row = int(wrapped(uint(row), wrap_height));
    column = int(wrapped(uint(column), wrap_width));
    const bool inside = uint(row) < height && uint(column) < width;
    return imageLoad(x, inside ? base + row * width + column : OUTSIDE);
}

vec4 nearest(int row, int column)
{
    return pixel_at(row / 2, column / 2);
}

vec4 mean(int row, int column)
{
    return (pixel_at(2 * row, 2 * column) + pixel_at(2 * row, 2 * column + 1) +
            pixel_at(2 * row + 1, 2 * column) + pixel_at(2 * row + 1, 2 * column + 1)) * 0.25;
}

// An even place lies a quarter before its pixel, an odd one a quarter behind.
vec4 fir_up(int row, int column)
{
    const int above = row / 2, left = column / 2;
    const int other_row = above + (row % 2 == 0 ? -1 : 1);
    const int other_column = left + (column % 2 == 0 ? -1 : 1);

    return (9.0 * pixel_at(above, left) + 3.0 * pixel_at(above, other_column) +
            3.0 * pixel_at(other_row, left) + pixel_at(other_row, other_column)) * (1.0 / 16.0);
}

vec4 fir_down(int row, int column)
{
    const float k[4] = float[](0.125, 0.375, 0.375, 0.125);

    vec4 sum = vec4(0.0);
    [[unroll]] for (int i = 0; i < 4; i++) {
        [[unroll]] for (int j = 0; j < 4; j++)
            sum += k[i] * k[j] * pixel_at(2 * row + i - 1, 2 * column + j - 1);
    }
    return sum;
}

vec4 made(uint pixel, int at)
{
    const int row = int(divide(pixel, out_width, inverse_width));
    return SAMPLE(row, int(pixel) - row * out_width);
}

void main()
{
    walk();
}
