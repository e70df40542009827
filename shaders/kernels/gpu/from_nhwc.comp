#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require

// From channels last to row-major [N, C, H, W], as to_nhwc.comp goes.

#include "params/gpu_relayout.h"
#include "include/element.glsl"

layout(local_size_x = RELAYOUT_PIXELS) in;

layout(push_constant) uniform Push { GpuRelayoutParams p; };

layout(binding = 0) restrict readonly buffer X { ELEMENT4 x[]; }; // NHWC
layout(binding = 1) restrict writeonly buffer Y { float y[]; };   // [N, C, H, W]

void main()
{
    const uint pixel = gl_GlobalInvocationID.x, plane = gl_WorkGroupID.y, image = gl_WorkGroupID.z;
    if (pixel >= p.pixels)
        return;

    const vec4 four = load4(x[(image * p.pixels + pixel) * p.planes + plane]);
    for (uint k = 0; k < 4; k++) {
        const uint channel = plane * 4 + k;
        if (channel < p.channels)
            y[(image * p.channels + channel) * p.pixels + pixel] = four[k];
    }
}
