#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
#extension GL_KHR_shader_subgroup_basic : require
#extension GL_KHR_shader_subgroup_arithmetic : require

// A subgroup goes over its groups twice, and they stay in the cache: one group, or
// with MIXED, where a texel may hold channels of several, the fewest that fill
// whole texels. Formula: engine/ops/group_norm.c.

#define GROUP_SIZE 8
layout(local_size_x = GROUP_SIZE) in;

#include "params/group_norm4.h"
#include "include/outside.glsl"
#include "include/stored.glsl"

layout(push_constant) uniform Push { GroupNorm4Params p; };

layout(binding = 0, rgba32f) uniform readonly imageBuffer x;              // C4
layout(binding = 1, rgba32f) uniform restrict readonly imageBuffer gamma; // [C], zeros to a texel
layout(binding = 2, rgba32f) uniform restrict readonly imageBuffer beta;  // [C], zeros to a texel
#ifdef PAIRED
#define TEXELS 2
layout(binding = 3) writeonly buffer Y { u64vec4 y[]; }; // as x; may lie where it does
#else
#define TEXELS 1
layout(binding = 3) writeonly buffer Y { u64vec2 y[]; }; // as x; may lie where it does
#endif

// What loops need of the push constants, which llvmpipe gathers lane by lane each
// time they are named.
uint pixels = p.pixels;
uint lane = gl_LocalInvocationID.x;
uint image = gl_WorkGroupID.y * p.planes * p.pixels;

#include "include/seen.glsl"

void normalise(uint plane, vec4 mean, vec4 scale)
{
    const vec4 slope = imageLoad(gamma, int(plane)) * scale;
    const vec4 offset = imageLoad(beta, int(plane));
    const uint first = image + plane * pixels;

    for (uint pixel = 0; pixel < pixels; pixel += GROUP_SIZE * TEXELS) {
        const uint own = pixel + lane * TEXELS;
        const uint at = first + own;
        vec4 made[TEXELS];
        [[unroll]] for (int t = 0; t < TEXELS; t++)
            made[t] = normalised(int(at) + t, mean, slope, offset);
        if (own < pixels) {
#ifdef PAIRED
            y[at / 2] = stored(made[0], made[1]);
#else
            y[at] = stored(made[0]);
#endif
        }
    }
}

#ifdef MIXED
// Which of the block's groups each of a plane's channels belongs to.
uvec4 group_of(uint plane, uint first_channel)
{
    const uvec4 channel = plane * 4 + uvec4(0, 1, 2, 3) - first_channel;
    return uvec4(greaterThanEqual(channel, uvec4(p.group_size))) +
           uvec4(greaterThanEqual(channel, uvec4(2 * p.group_size))) +
           uvec4(greaterThanEqual(channel, uvec4(3 * p.group_size)));
}

vec4 picked(vec4 of_group, uvec4 group)
{
    vec4 all = vec4(of_group.x);
    [[unroll]] for (uint g = 1; g < 4; g++)
        all = mix(all, vec4(of_group[g]), equal(group, uvec4(g)));
    return all;
}

void main()
{
    const uint block = gl_WorkGroupID.x * p.block_groups;
    const uint num_groups = min(p.block_groups, p.groups - block);
    const uint first_channel = block * p.group_size;
    const uint end_channel = first_channel + num_groups * p.group_size;
    const uint first = first_channel / 4, end = (end_channel + 3) / 4;

    vec4 means = vec4(0.0), scales = vec4(0.0);
    for (uint g = 0; g < num_groups; g++) {
        const uint channel = first_channel + g * p.group_size;
        Seen seen = Seen(vec4(0.0), vec4(0.0), vec4(0.0), vec4(0.0));
        seen.shift = near_mean(channel / 4 * pixels, (channel / 4 + 1) * pixels);
        for (uint plane = channel / 4; plane * 4 < channel + p.group_size; plane++) {
            const uvec4 group = group_of(plane, first_channel);
            const vec4 own = vec4(equal(group, uvec4(g)));
            see(seen, plane * pixels, (plane + 1) * pixels, own);
        }
        const vec2 known = statistics(seen);
        means = mix(means, vec4(known.x), equal(uvec4(0, 1, 2, 3), uvec4(g)));
        scales = mix(scales, vec4(known.y), equal(uvec4(0, 1, 2, 3), uvec4(g)));
    }
    for (uint plane = first; plane < end; plane++) {
        const uvec4 group = group_of(plane, first_channel);
        normalise(plane, picked(means, group), picked(scales, group));
    }
}
#else
void main()
{
    const uint num_planes = p.group_size / 4;
    const uint first = gl_WorkGroupID.x * num_planes, end = first + num_planes;

    const vec2 known = statistics_of(first * pixels, end * pixels);
    for (uint plane = first; plane < end; plane++)
        normalise(plane, vec4(known.x), vec4(known.y));
}
#endif
