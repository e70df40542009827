#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require

// From row-major [N, C, H, W] to C4.

#include "include/map.glsl"

layout(binding = 0) readonly buffer X { float x[]; };                  // [N, C, H, W]
layout(binding = 1, rgba32f) uniform restrict writeonly imageBuffer y; // C4

void main()
{
    for (uint pixel = first_pixel(); pixel < last_pixel(); pixel += GROUP_SIZE) {
        const uint own = pixel + gl_LocalInvocationID.x;

        vec4 four = vec4(0.0);
        for (uint k = 0; k < 4; k++) {
            const uint c = plane() * 4 + k;
            if (c < p.channels && own < p.pixels)
                four[k] = x[(image() * p.channels + c) * p.pixels + own];
        }
        imageStore(y, texel(pixel), four);
    }
}
