#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require

// From C4 to row-major [N, C, H, W].

#include "include/map.glsl"

layout(binding = 0, rgba32f) uniform restrict readonly imageBuffer x; // C4
layout(binding = 1) writeonly buffer Y { float y[]; };                // [N, C, H, W]

void main()
{
    for (uint pixel = first_pixel(); pixel < last_pixel(); pixel += GROUP_SIZE) {
        const uint own = pixel + gl_LocalInvocationID.x;
        const vec4 four = imageLoad(x, texel(pixel));

        for (uint k = 0; k < 4; k++) {
            const uint c = plane() * 4 + k;
            if (c < p.channels && own < p.pixels)
                y[(image() * p.channels + c) * p.pixels + own] = four[k];
        }
    }
}
