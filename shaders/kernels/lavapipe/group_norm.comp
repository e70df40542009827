#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require
#extension GL_KHR_shader_subgroup_basic : require
#extension GL_KHR_shader_subgroup_arithmetic : require

// Groups of channels that share no texel with others: one subgroup goes over
// them three times, and they stay in the cache. Formula: engine/ops/group_norm.c.

#define GROUP_SIZE 8
layout(local_size_x = GROUP_SIZE) in;

#include "params/group_norm4.h"
#include "include/outside.glsl"

layout(push_constant) uniform Push { GroupNorm4Params p; };

#include "include/activate4.glsl"

layout(binding = 0, rgba32f) uniform restrict readonly imageBuffer x;     // C4
layout(binding = 1, rgba32f) uniform restrict readonly imageBuffer gamma; // [C], zeros to a texel
layout(binding = 2, rgba32f) uniform restrict readonly imageBuffer beta;  // [C], zeros to a texel
layout(binding = 3, rgba32f) uniform restrict imageBuffer y;              // as x

// 1 for those of a plane's four channels that belong to the group, else 0.
vec4 members(uint plane, uint group)
{
    const uvec4 channel = plane * 4 + uvec4(0, 1, 2, 3) - group * p.group_size;
    return vec4(lessThan(channel, uvec4(p.group_size)));
}

int texel(uint plane, uint pixel)
{
    const uint own = pixel + gl_LocalInvocationID.x;
    return own < p.pixels ? int((gl_WorkGroupID.y * p.planes + plane) * p.pixels + own) : OUTSIDE;
}

float group_mean(uint group, uint first, uint last)
{
    vec4 sum = vec4(0.0);
    for (uint plane = first; plane <= last; plane++) {
        const vec4 own = members(plane, group);
        for (uint pixel = 0; pixel < p.pixels; pixel += GROUP_SIZE)
            sum += imageLoad(x, texel(plane, pixel)) * own;
    }
    return subgroupAdd(sum.x + sum.y + sum.z + sum.w) * p.inverse_count;
}

float group_variance(uint group, uint first, uint last, float mean)
{
    vec4 sum = vec4(0.0);
    for (uint plane = first; plane <= last; plane++) {
        const vec4 own = members(plane, group);
        for (uint pixel = 0; pixel < p.pixels; pixel += GROUP_SIZE) {
            const int at = texel(plane, pixel);
            const vec4 d = at == OUTSIDE ? vec4(0.0) : (imageLoad(x, at) - mean) * own;
            sum += d * d;
        }
    }
    return subgroupAdd(sum.x + sum.y + sum.z + sum.w) * p.inverse_count;
}

void normalise(uint group, uint first, uint last)
{
    const float mean = group_mean(group, first, last);
    const float scale = inversesqrt(group_variance(group, first, last, mean) + p.eps);

    for (uint plane = first; plane <= last; plane++) {
        const vec4 own = members(plane, group);
        const vec4 slope = imageLoad(gamma, int(plane)) * scale;
        const vec4 offset = imageLoad(beta, int(plane));
        // What an earlier group has written to this plane's other channels stays.
        const bool shared_plane = own.x == 0.0;

        for (uint pixel = 0; pixel < p.pixels; pixel += GROUP_SIZE) {
            const int at = texel(plane, pixel);
            const vec4 kept = imageLoad(y, shared_plane ? at : OUTSIDE);
            const vec4 made = activate4((imageLoad(x, at) - mean) * slope + offset);
            imageStore(y, at, mix(kept, made, equal(own, vec4(1.0))));
        }
    }
}

void main()
{
    const uint first = gl_WorkGroupID.x * p.block_groups;
    const uint end = min(first + p.block_groups, p.groups);

    for (uint group = first; group < end; group++) {
        const uint channel = group * p.group_size;
        normalise(group, channel / 4, (channel + p.group_size - 1) / 4);
    }
}
