#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
#extension GL_KHR_shader_subgroup_basic : require
#extension GL_KHR_shader_subgroup_arithmetic : require

// A subgroup goes over a group three times, and it stays in the cache. With SHARED
// a texel may hold channels of several groups; then all of these groups are the
// same subgroup's, one after the other. Formula: engine/ops/group_norm.c.

#define GROUP_SIZE 8
#define UNROLL     4
layout(local_size_x = GROUP_SIZE) in;

#include "params/group_norm4.h"
#include "include/outside.glsl"

layout(push_constant) uniform Push { GroupNorm4Params p; };

#include "include/activate4.glsl"

layout(binding = 0, rgba32f) uniform restrict readonly imageBuffer x;     // C4
layout(binding = 1, rgba32f) uniform restrict readonly imageBuffer gamma; // [C], zeros to a texel
layout(binding = 2, rgba32f) uniform restrict readonly imageBuffer beta;  // [C], zeros to a texel
layout(binding = 3, rgba32f) uniform restrict imageBuffer y;              // as x

// What loops need of the push constants, which llvmpipe gathers lane by lane each
// time they are named.
uint pixels = p.pixels;
uint base = gl_WorkGroupID.y * p.planes * p.pixels + gl_LocalInvocationID.x;

// 1 for those of a plane's four channels that belong to the group, else 0.
vec4 members(uint plane, uint group)
{
#ifdef SHARED
    const uvec4 channel = plane * 4 + uvec4(0, 1, 2, 3) - group * p.group_size;
    return vec4(lessThan(channel, uvec4(p.group_size)));
#else
    return vec4(1.0);
#endif
}

// Of this lane, `i` turns behind `pixel`.
int texel(uint plane, uint pixel, uint i)
{
    const uint own = pixel + i * GROUP_SIZE;
    return own + gl_LocalInvocationID.x < pixels ? int(base + plane * pixels + own) : OUTSIDE;
}

float group_mean(uint group, uint first, uint last)
{
    vec4 sum = vec4(0.0);
    for (uint plane = first; plane <= last; plane++) {
        const vec4 own = members(plane, group);
        for (uint pixel = 0; pixel < pixels; pixel += UNROLL * GROUP_SIZE) {
            [[unroll]] for (uint i = 0; i < UNROLL; i++)
                sum += imageLoad(x, texel(plane, pixel, i)) * own;
        }
    }
    return subgroupAdd(sum.x + sum.y + sum.z + sum.w) * p.inverse_count;
}

float group_variance(uint group, uint first, uint last, float mean)
{
    vec4 sum = vec4(0.0);
    for (uint plane = first; plane <= last; plane++) {
        const vec4 own = members(plane, group);
        for (uint pixel = 0; pixel < pixels; pixel += UNROLL * GROUP_SIZE) {
            [[unroll]] for (uint i = 0; i < UNROLL; i++) {
                const int at = texel(plane, pixel, i);
                const vec4 d = (imageLoad(x, at) - mean) * (at == OUTSIDE ? vec4(0.0) : own);
                sum += d * d;
            }
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

        for (uint pixel = 0; pixel < pixels; pixel += UNROLL * GROUP_SIZE) {
            [[unroll]] for (uint i = 0; i < UNROLL; i++) {
                const int at = texel(plane, pixel, i);
                vec4 made = activate4((imageLoad(x, at) - mean) * slope + offset);
#ifdef SHARED
                // What an earlier group has written to this plane's other channels stays.
                const vec4 kept = imageLoad(y, own.x == 0.0 ? at : OUTSIDE);
                made = mix(kept, made, equal(own, vec4(1.0)));
#endif
                imageStore(y, at, made);
            }
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
