#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require

// One invocation writes one value. Formula and shapes: engine/ops/fir_up.c.
//
// Of the four taps along an axis two meet a pixel of x: the pixel that the
// output lies in, with 3/4, and the nearer of its neighbours, with 1/4.

#include "params/fir_up.h"

#define GROUP_SIZE ELEMENT_GROUP_SIZE
layout(local_size_x = GROUP_SIZE) in;

#include "include/index.glsl"
#include "include/wrap.glsl"

layout(push_constant) uniform Push { FirUpParams p; };

layout(binding = 0) readonly buffer X { float x[]; };  // [N, C, H, W]
layout(binding = 1) writeonly buffer Y { float y[]; }; // [N, C, 2 H, 2 W]

// x at a row of its plane, whose values start at `base`; 0 outside what wraps. Row and
// column -1 arrive as the largest uint.
float at(uint base, uint row, uint column)
{
    row = wrapped(row, p.wrap_height);
    column = wrapped(column, p.wrap_width);
    if (row >= p.height || column >= p.width)
        return 0.0;
    return x[base + row * p.width + column];
}

// The neighbour on whose side of its pixel the output lies.
uint neighbour(uint i)
{
    return i % 2 == 0 ? i / 2 - 1 : i / 2 + 1;
}

void main()
{
    const uint i = invocation_index();
    if (i >= p.count)
        return;

    const uint u = i % (2 * p.width);
    const uint v = i / (2 * p.width) % (2 * p.height);
    const uint base = i / (2 * p.width) / (2 * p.height) * p.height * p.width;

    const float here = at(base, v / 2, u / 2) * 0.75 + at(base, v / 2, neighbour(u)) * 0.25;
    const float there =
        at(base, neighbour(v), u / 2) * 0.75 + at(base, neighbour(v), neighbour(u)) * 0.25;
    y[i] = here * 0.75 + there * 0.25;
}
