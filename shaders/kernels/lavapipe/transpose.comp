#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require

// Values of an attention, from texels of four channels to texels of four keys, so
// that they are weights of a product over keys. Keys beyond the last are zero.

#define GROUP_SIZE 8
layout(local_size_x = GROUP_SIZE) in;

#include "params/attention4.h"
#include "include/outside.glsl"

layout(push_constant) uniform Push { Attention4Params p; };

layout(binding = 0, rgba32f) uniform restrict readonly imageBuffer v;      // [head][D / 4][keys]
layout(binding = 1, rgba32f) uniform restrict writeonly imageBuffer turned; // [head][keys / 4][D]

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
    const uint to = (head * p.key_blocks + block) * p.head_blocks * 4 + plane * 4;
    for (uint c = 0; c < 4; c++)
        imageStore(turned, block < p.key_blocks ? int(to + c) : OUTSIDE, four[c]);
}
