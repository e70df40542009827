#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require

// From row-major [N, C, H, W] to channels last: a workgroup takes four channels of a
// run of an image's pixels. Neighbours read neighbours; what they write lies side by
// side where an image has no more than four channels, which is what comes and goes.

#include "params/gpu_relayout.h"
#include "include/element.glsl"

#define GROUP_SIZE GPU_RELAYOUT_GROUP_SIZE
layout(local_size_x = GROUP_SIZE) in;

#include "include/index.glsl"

layout(push_constant) uniform Push { GpuRelayoutParams p; };

layout(binding = 0) restrict readonly buffer X { float x[]; };     // [N, C, H, W]
layout(binding = 1) restrict writeonly buffer Y { ELEMENT4 y[]; }; // NHWC

void main()
{
    const uint group = group_index(), quad = group / p.groups, image = gl_WorkGroupID.z;
    const uint pixel = group % p.groups * GROUP_SIZE + gl_LocalInvocationID.x;
    if (quad >= p.quads || pixel >= p.pixels)
        return;

    vec4 own = vec4(0.0);
    for (uint k = 0; k < 4; k++) {
        const uint channel = quad * 4 + k;
        if (channel < p.channels)
            own[k] = x[(image * p.channels + channel) * p.pixels + pixel];
    }
    y[(image * p.pixels + pixel) * p.quads + quad] = stored4(own);
}
