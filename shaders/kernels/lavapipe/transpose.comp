#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require

// Values of an attention, from texels of four channels to texels of four keys, so
// that they are weights of a product over keys. Keys beyond the last are zero.

#define GROUP_SIZE 8
layout(local_size_x = GROUP_SIZE) in;

#include "params/attention4.h"
#include "include/outside.glsl"
#include "include/stored.glsl"

layout(push_constant) uniform Push { Attention4Params p; };

layout(binding = 0, rgba32f) uniform restrict readonly imageBuffer v;       // [head][D / 4][keys]
layout(binding = 1) writeonly restrict buffer Turned { u64vec4 turned[]; }; // [head][keys / 4][D / 2]

void main()
{
    const uint block = gl_WorkGroupID.x * GROUP_SIZE + gl_LocalInvocationID.x;
    const uint plane = gl_WorkGroupID.y, head = gl_WorkGroupID.z;

    mat4 four; // [key][channel]
    for (uint k = 0; k < 4; k++) {
        const uint key = block * 4 + k;
        const int at = int(((p.first_head + head) * p.head_blocks + plane) * p.keys + key);
        four[k] = imageLoad(v, key < p.keys ? at : OUTSIDE);
    }

    four = transpose(four);
    const uint to = ((head * p.key_blocks + block) * p.head_blocks + plane) * 2;
    if (block < p.key_blocks) {
        turned[to] = stored(four[0], four[1]);
        turned[to + 1] = stored(four[2], four[3]);
    }
}
