#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require

// One workgroup makes one image's number. Formula and shapes:
// engine/ops/reduce.c.
//
// The order of the sums depends on the number of values alone, so the bits do
// not depend on the batch. The largest is found among bit patterns: without
// its sign a float is as large as its bits are, and NaN is above infinity, where
// GLSL's max() may drop it.

#define GROUP_SIZE 256
layout(local_size_x = GROUP_SIZE) in;

#include "params/reduce.h"
#include "include/index.glsl"
#include "include/sum.glsl"
#include "include/turns.glsl"

layout(push_constant) uniform Push { ReduceParams p; };

layout(binding = 0) readonly buffer X { float x[]; };  // [N, C, H, W]
layout(binding = 1) writeonly buffer Y { float y[]; }; // [N, 1, 1, 1]

shared uint highest;

float mean(uint base)
{
    float sum = 0.0;
    FOR_EACH(i, p.count)
        sum += x[base + i];
    return group_sum(sum) / float(p.count);
}

float rms(uint base)
{
    float sum = 0.0;
    FOR_EACH(i, p.count)
        sum += x[base + i] * x[base + i];
    return sqrt(group_sum(sum) / float(p.count));
}

float absmax(uint base)
{
    uint most = 0;
    FOR_EACH(i, p.count)
        most = max(most, floatBitsToUint(x[base + i]) & 0x7fffffffu);

    if (gl_LocalInvocationID.x == 0)
        highest = 0;
    barrier();
    atomicMax(highest, most);
    barrier();
    return uintBitsToFloat(highest);
}

void main()
{
    const uint image = group_index();
    if (image >= p.images)
        return;

    const uint base = image * p.count;
    float value;
    if (p.kind == REDUCE_MEAN)
        value = mean(base);
    else if (p.kind == REDUCE_RMS)
        value = rms(base);
    else
        value = absmax(base);

    if (gl_LocalInvocationID.x == 0)
        y[image] = value;
}
