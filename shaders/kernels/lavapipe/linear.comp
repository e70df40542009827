#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require

// Vector times matrix: the weights are read once, in the order in which they lie.
// A lane makes VECTORS outputs, eight apart; what z counts is a part. ACT is a constant
// where a variant is made for one activation. Formula: engine/ops/linear.c.

#define GROUP_SIZE 8
layout(local_size_x = GROUP_SIZE) in;

#include "params/linear4.h"
#include "include/activation.glsl"

layout(push_constant) uniform Push { Linear4Params p; };

layout(binding = 0, rgba32f) uniform restrict readonly imageBuffer x;      // [N, I]
// [tile][I / 4][VECTORS * 8]
layout(binding = 1, rgba32f) uniform restrict readonly imageBuffer weight;
layout(binding = 2) readonly buffer Bias { float bias[]; };                // [O]
layout(binding = 3) writeonly buffer Y { float y[]; };                     // [N, O]

void main()
{
    const uint tile = gl_WorkGroupID.x, image = gl_WorkGroupID.y, part = gl_WorkGroupID.z;
    const uint lane = gl_LocalInvocationID.x;
    const int tile_size = VECTORS * GROUP_SIZE;

    const uint in_quads = p.in_quads;

    float sums[VECTORS];
    [[unroll]] for (int v = 0; v < VECTORS; v++)
        sums[v] = 0.0;

    int from = int(image * in_quads);
    int w = int(part * p.weight_part + tile * in_quads * tile_size + lane);
    for (uint i = 0; i < in_quads; i++) {
        const vec4 four = imageLoad(x, from);
        [[unroll]] for (int v = 0; v < VECTORS; v++)
            sums[v] += dot(imageLoad(weight, w + v * GROUP_SIZE), four);
        from++;
        w += tile_size;
    }

    [[unroll]] for (int v = 0; v < VECTORS; v++) {
        const uint o = tile * tile_size + v * GROUP_SIZE + lane;
        if (o < p.outputs)
            y[(part * p.num + image) * p.outputs + o] =
                activate(sums[v] + bias[part * p.outputs + o], ACT);
    }
}
