// SPDX-License-Identifier: GPL-3.0-or-later
// The walk of a workgroup, eight lanes, over its run of a plane (params/maps.h).
// The shader defines make(), main() calls walk(). What make() needs of the push
// constants it takes from the globals here: llvmpipe gathers a push constant lane
// by lane each time it is named in a loop.

#define GROUP_SIZE 8
#define UNROLL     4
layout(local_size_x = GROUP_SIZE) in;

#include "params/maps.h"
#include "include/outside.glsl"

layout(push_constant) uniform Push { MapParams p; };

uint map_plane = gl_WorkGroupID.y;
uint map_image = gl_WorkGroupID.z;
uint map_pixels = p.pixels;

// Makes the output's texel `at` (perhaps OUTSIDE), which is this plane's `pixel`.
void make(uint pixel, int at);

void walk()
{
    const uint first = gl_WorkGroupID.x * MAP_RUN;
    const uint end = min(first + MAP_RUN, map_pixels);
    const uint base = (map_image * p.planes + map_plane) * map_pixels;

    for (uint pixel = first; pixel < end; pixel += UNROLL * GROUP_SIZE) {
        [[unroll]] for (uint i = 0; i < UNROLL; i++) {
            const uint own = pixel + i * GROUP_SIZE + gl_LocalInvocationID.x;
            make(own, own < map_pixels ? int(base + own) : OUTSIDE);
        }
    }
}
