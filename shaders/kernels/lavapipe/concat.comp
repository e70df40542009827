#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require

// Where a's channels fill whole texels. Formula and shapes: engine/ops/concat.c.
// Of the two loads one is outside and gives zeros.

#include "include/map.glsl"

layout(binding = 0, rgba32f) uniform restrict readonly imageBuffer a;  // C4, in_planes planes
layout(binding = 1, rgba32f) uniform restrict readonly imageBuffer b;  // C4
layout(binding = 2, rgba32f) uniform restrict writeonly imageBuffer y; // C4

void main()
{
    const bool first = plane() < p.in_planes;
    const uint plane_a = image() * p.in_planes + plane();
    const uint plane_b = image() * (p.planes - p.in_planes) + plane() - p.in_planes;

    for (uint pixel = first_pixel(); pixel < last_pixel(); pixel += GROUP_SIZE) {
        const uint own = pixel + gl_LocalInvocationID.x;
        const vec4 from_a = imageLoad(a, first ? int(plane_a * p.pixels + own) : OUTSIDE);
        const vec4 from_b = imageLoad(b, first ? OUTSIDE : int(plane_b * p.pixels + own));
        imageStore(y, texel(pixel), from_a + from_b);
    }
}
