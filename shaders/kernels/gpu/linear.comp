#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require

// A layer of a perceptron, whose weights are all that takes time: a workgroup makes
// 64 outputs of one row, and each invocation four of them over a sixteenth of the
// inputs; neighbours load what lies side by side. Vectors are plain floats. Formula
// and shapes: engine/ops/linear.c.

#include "params/gpu_linear.h"
#include "include/activation.glsl"
#include "include/element.glsl"

layout(local_size_x = GPU_LINEAR_QUADS, local_size_y = GPU_LINEAR_SLICES) in;

layout(push_constant) uniform Push { GpuLinearParams p; };

layout(binding = 0) restrict readonly buffer X { float x[]; };              // [N, I]
layout(binding = 1) restrict readonly buffer Weight { ELEMENT4 weight[]; }; // [parts, I, O], padded
layout(binding = 2) restrict readonly buffer Bias { vec4 bias[]; };         // [parts, O], padded
layout(binding = 3) restrict writeonly buffer Y { float y[]; };             // [parts, N, O]

shared vec4 slices[GPU_LINEAR_SLICES][GPU_LINEAR_QUADS];

void main()
{
    const uint lane = gl_LocalInvocationID.x, slice = gl_LocalInvocationID.y;
    const uint quad = gl_WorkGroupID.x * GPU_LINEAR_QUADS + lane;
    const uint row = gl_WorkGroupID.y, part = gl_WorkGroupID.z;
    const bool there = quad < p.out_quads;

    precise vec4 sum = vec4(0.0);
    if (there) {
        for (uint i = slice; i < p.inputs; i += GPU_LINEAR_SLICES) {
            const vec4 w = load4(weight[(part * p.padded_inputs + i) * p.out_quads + quad]);
            sum = fma(vec4(x[row * p.inputs + i]), w, sum);
        }
    }
    slices[slice][lane] = sum;
    barrier();
    if (slice > 0 || !there)
        return;

    for (uint other = 1; other < GPU_LINEAR_SLICES; other++)
        sum += slices[other][lane];
    sum += bias[part * p.out_quads + quad];
    for (uint k = 0; k < 4; k++) {
        const uint output_channel = quad * 4 + k;
        if (output_channel < p.outputs)
            y[(part * p.num + row) * p.outputs + output_channel] = activate(sum[k], p.act);
    }
}
