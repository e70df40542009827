#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require

// One invocation writes one value. Formula and shapes: engine/ops/fir_down.c.

#include "params/fir_down.h"

#define GROUP_SIZE ELEMENT_GROUP_SIZE
layout(local_size_x = GROUP_SIZE) in;

#include "include/index.glsl"
#include "include/wrap.glsl"

layout(push_constant) uniform Push { FirDownParams p; };

layout(binding = 0) readonly buffer X { float x[]; };  // [N, C, H, W]
layout(binding = 1) writeonly buffer Y { float y[]; }; // [N, C, H / 2, W / 2]

// x at a row of its plane, whose values start at `base`; 0 outside what wraps. Row and
// column -1 arrive as the largest uint.
float at(uint base, uint row, uint column)
{
    row = wrapped(row, p.wrap_height);
    column = wrapped(column, p.wrap_width);
    if (row >= 2 * p.height || column >= 2 * p.width)
        return 0.0;
    return x[base + row * 2 * p.width + column];
}

float filtered_row(uint base, uint row, uint u)
{
    return (at(base, row, 2 * u - 1) + at(base, row, 2 * u + 2)) * 0.125 +
           (at(base, row, 2 * u) + at(base, row, 2 * u + 1)) * 0.375;
}

void main()
{
    const uint i = invocation_index();
    if (i >= p.count)
        return;

    const uint u = i % p.width;
    const uint v = i / p.width % p.height;
    const uint base = i / p.width / p.height * (2 * p.height) * (2 * p.width);

    y[i] = (filtered_row(base, 2 * v - 1, u) + filtered_row(base, 2 * v + 2, u)) * 0.125 +
           (filtered_row(base, 2 * v, u) + filtered_row(base, 2 * v + 1, u)) * 0.375;
}
