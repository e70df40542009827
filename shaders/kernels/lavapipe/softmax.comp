#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require

// Scores of an attention become weights, in place: softmax over the keys, a lane
// a query. Weights of keys beyond the last are zero. Formula: engine/ops/attention.c.

#define GROUP_SIZE 8
layout(local_size_x = GROUP_SIZE) in;

#include "params/attention4.h"
#include "include/outside.glsl"
#include "include/stored.glsl"

layout(push_constant) uniform Push { Attention4Params p; };

layout(binding = 0, rgba32f) uniform readonly imageBuffer scores; // [head][keys / 4][queries]
layout(binding = 1) writeonly buffer Weights { u64vec2 weights[]; }; // the same memory

uint key_blocks = p.key_blocks, keys = p.keys, queries = p.queries;
uint query = gl_WorkGroupID.x * GROUP_SIZE + gl_LocalInvocationID.x;
uint first = gl_WorkGroupID.z * key_blocks * queries + query;
float scale = p.scale;

// This lane's four scores of a block of keys.
int texel(uint block)
{
    return query < queries ? int(first + block * queries) : OUTSIDE;
}

bvec4 is_key(uint block)
{
    return lessThan(block * 4 + uvec4(0, 1, 2, 3), uvec4(keys));
}

vec4 weight_of(uint block, float highest)
{
    const vec4 score = imageLoad(scores, texel(block));
    return mix(vec4(0.0), exp((score - highest) * scale), is_key(block));
}

void main()
{
    vec4 most = vec4(-3.4e38);
    for (uint block = 0; block < key_blocks; block++)
        most = max(most, mix(most, imageLoad(scores, texel(block)), is_key(block)));
    const float highest = max(max(most.x, most.y), max(most.z, most.w));

    vec4 sums = vec4(0.0);
    for (uint block = 0; block < key_blocks; block++)
        sums += weight_of(block, highest);

    // A second exp() costs less than a second store.
    const float inverse = 1.0 / (sums.x + sums.y + sums.z + sums.w);
    for (uint block = 0; block < key_blocks; block++) {
        const vec4 weight = weight_of(block, highest) * inverse;
        if (query < queries)
            weights[first + block * queries] = stored(weight);
    }
}
