#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require

// From channels last to row-major [N, C, H, W], as to_nhwc.comp goes.

#include "params/gpu_relayout.h"
#include "include/element.glsl"

#define GROUP_SIZE GPU_RELAYOUT_GROUP_SIZE
layout(local_size_x = GROUP_SIZE) in;

#include "include/index.glsl"

layout(push_constant) uniform Push { GpuRelayoutParams p; };

layout(binding = 0) restrict readonly buffer X { ELEMENT4 x[]; }; // NHWC
layout(binding = 1) restrict writeonly buffer Y { float y[]; };   // [N, C, H, W]

void main()
{
    const uint group = group_index(), quad = group / p.groups, image = gl_WorkGroupID.z;
    const uint pixel = group % p.groups * GROUP_SIZE + gl_LocalInvocationID.x;
    if (quad >= p.quads || pixel >= p.pixels)
        return;

    const vec4 own = load4(x[(image * p.pixels + pixel) * p.quads + quad]);
    for (uint k = 0; k < 4; k++) {
        const uint channel = quad * 4 + k;
        if (channel < p.channels)
            y[(image * p.channels + channel) * p.pixels + pixel] = own[k];
    }
}
