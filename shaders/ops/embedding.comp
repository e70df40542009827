#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require

// One invocation a value of y. Shapes and the clamping: engine/ops/embedding.c.

#include "params/embedding.h"

#define GROUP_SIZE ELEMENT_GROUP_SIZE
layout(local_size_x = GROUP_SIZE) in;

#include "include/index.glsl"

layout(push_constant) uniform Push { EmbeddingParams p; };

layout(binding = 0) readonly buffer Index { float index[]; }; // [N, 1, 1, 1]
layout(binding = 1) readonly buffer Table { float table[]; }; // [R, D, 1, 1]
layout(binding = 2) writeonly buffer Y { float y[]; };        // [N, D, 1, 1]

// A float of 2^24 or more is beyond any table; one of 2^32, or a NaN, must not
// be converted.
uint row_of(float value)
{
    return value > 0.0 ? min(uint(min(value, 16777216.0)), p.rows - 1) : 0;
}

void main()
{
    const uint i = invocation_index();
    if (i >= p.count)
        return;

    y[i] = table[row_of(index[i / p.width]) * p.width + i % p.width];
}
