#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
#extension GL_KHR_shader_subgroup_basic : require
#extension GL_KHR_shader_subgroup_arithmetic : require

// Group norm and Winograd's transform of what it makes in one, with the bits of
// group_norm.comp and winograd_in.comp: a workgroup takes a group of an image. It
// normalises a plane into memory of its own, each pixel once, and transforms it while
// it is in the cache.

#define GROUP_SIZE 8
#define ACT        ACTIVATION_SILU
layout(local_size_x = GROUP_SIZE) in;

#include "params/winograd_norm.h"
#include "include/divide.glsl"
#include "include/outside.glsl"
#include "include/stored.glsl"

layout(push_constant) uniform Push { WinogradNormParams p; };

layout(binding = 0, rgba32f) uniform restrict readonly imageBuffer x;     // C4
layout(binding = 1, rgba32f) uniform restrict readonly imageBuffer gamma; // [C]
layout(binding = 2, rgba32f) uniform restrict readonly imageBuffer beta;  // [C]

// The same memory twice: a plane for each workgroup, an even number of texels.
layout(binding = 3) coherent writeonly buffer Y { u64vec4 y[]; };
layout(binding = 4, rgba32f) uniform coherent readonly imageBuffer normal;

#if TILES == 2
layout(binding = 5) writeonly restrict buffer S { u64vec4 spectrum[]; }; // [SPAN * SPAN][C / 4][tiles]
#else
layout(binding = 5) writeonly restrict buffer S { u64vec2 spectrum[]; }; // [SPAN * SPAN][C / 4][tiles]
#endif

uint pixels = p.pixels;
uint lane = gl_LocalInvocationID.x;
uint image = (p.first_image + gl_WorkGroupID.y) * p.planes * p.pixels;

#include "include/seen.glsl"

#define SOURCE  normal
#define DOUBLED 0
#include "include/winograd_in.glsl"

// The plane whose texels begin at `first`, to `own`. A last, odd pixel takes one with
// it that is nowhere read.
void normalise(uint plane, uint first, vec2 known, uint own)
{
    const vec4 mean = vec4(known.x), slope = imageLoad(gamma, int(plane)) * vec4(known.y);
    const vec4 offset = imageLoad(beta, int(plane));

    uint pixel = lane * 2;
    do {
        const int at = int(first + pixel);
        const vec4 one = normalised(at, mean, slope, offset);
        const vec4 next = normalised(at + 1, mean, slope, offset);
        if (pixel < pixels)
            y[(own + pixel) / 2] = stored(one, next);
        pixel += GROUP_SIZE * 2;
    } while (pixel < pixels);
}

void main()
{
    const uint num_planes = p.group_planes, image_tiles = p.image_tiles, tiles = p.tiles;
    const uint first = gl_WorkGroupID.x * num_planes, end = first + num_planes;
    const uint own = (gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x) * p.own_stride;
    const vec2 known = statistics_of(first * pixels, end * pixels);

    uint plane = first;
    do {
        normalise(plane, image + plane * pixels, known, own);
        subgroupBarrier(); // a lane reads what others have stored
        const uint to = plane * tiles + gl_WorkGroupID.y * image_tiles;
        uint tile = lane * TILES;
        do {
            transform_in(tile, tile < image_tiles, int(own), to + tile);
            tile += GROUP_SIZE * TILES;
        } while (tile < image_tiles);
        subgroupBarrier(); // and stores where others have read
    } while (++plane < end);
}
