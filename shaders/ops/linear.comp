#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require

// One invocation a value of y. Formula and shapes: engine/ops/linear.c.

#include "params/linear.h"

#define GROUP_SIZE ELEMENT_GROUP_SIZE
layout(local_size_x = GROUP_SIZE) in;

#include "include/activation.glsl"
#include "include/index.glsl"

layout(push_constant) uniform Push { LinearParams p; };

layout(binding = 0) readonly buffer X { float x[]; };           // [N, I, 1, 1]
layout(binding = 1) readonly buffer Weight { float weight[]; }; // [P O, I, 1, 1]
layout(binding = 2) readonly buffer Bias { float bias[]; };     // [P, O, 1, 1]
layout(binding = 3) writeonly buffer Y { float y[]; };          // [P N, O, 1, 1]

#define CHUNK 16 // shorter chains of additions round less

void main()
{
    const uint i = invocation_index();
    if (i >= p.count)
        return;

    const uint n = i / p.outputs;                          // part N + n
    const uint o = n / p.num * p.outputs + i % p.outputs; // among all weights
    const uint x_base = n % p.num * p.inputs;
    const uint weight_base = o * p.inputs;

    float sum = 0.0;
    for (uint first = 0; first < p.inputs; first += CHUNK) {
        const uint end = min(first + CHUNK, p.inputs);
        float chunk = 0.0;
        for (uint k = first; k < end; k++)
            chunk += x[x_base + k] * weight[weight_base + k];
        sum += chunk;
    }
    y[i] = activate(sum + bias[o], p.act);
}
