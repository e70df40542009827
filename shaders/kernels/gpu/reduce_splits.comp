#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require

// Adds the sums that conv.comp left in splits, the first one first, and finishes
// them. An invocation makes four channels of a pixel.

#include "params/gpu_conv.h"
#include "include/element.glsl"

#define GROUP_SIZE GPU_CONV_GROUP_SIZE
layout(local_size_x = GROUP_SIZE) in;

#include "include/index.glsl"

layout(push_constant) uniform Push { GpuConvParams p; };

layout(binding = 0) restrict readonly buffer Sums { vec4 sums[]; }; // [parts, splits, pixels, O]
#include "include/gpu_conv_end.glsl"

void main()
{
    const uint i = invocation_index(), part = gl_WorkGroupID.z;
    const uint count = (p.end_pixel - p.first_pixel) * p.out_quads;
    if (i >= count)
        return;

    precise vec4 sum = sums[part * p.splits * count + i];
    for (uint split = 1; split < p.splits; split++)
        sum += sums[(part * p.splits + split) * count + i];
    finish(part, p.first_pixel + i / p.out_quads, i % p.out_quads, sum);
}
