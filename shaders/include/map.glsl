// SPDX-License-Identifier: GPL-3.0-or-later
// The walk of a workgroup, eight lanes, over its run of a plane (params/maps.h): a
// lane takes TEXELS neighbours at a time, which divide the plane. The shader
// defines make(), main() calls walk(). What make() needs of the push constants it
// takes from the globals here: llvmpipe gathers a push constant lane by lane each
// time it is named in a loop.

#define GROUP_SIZE 8
layout(local_size_x = GROUP_SIZE) in;

#include "params/maps.h"
#include "include/stored.glsl"

layout(push_constant) uniform Push { MapParams p; };

uint map_plane = gl_WorkGroupID.y;
uint map_image = gl_WorkGroupID.z;
uint map_pixels = p.pixels;
uint map_base = (map_image * p.planes + map_plane) * map_pixels;

// Makes the output's texels from this plane's `pixel` on.
void make(uint pixel);

void walk()
{
    const uint first = gl_WorkGroupID.x * MAP_RUN;
    const uint end = min(first + MAP_RUN, map_pixels);

    for (uint pixel = first; pixel < end; pixel += GROUP_SIZE * TEXELS) {
        const uint own = pixel + gl_LocalInvocationID.x * TEXELS;
        if (own < map_pixels)
            make(own);
    }
}

// Where MADE is the binding of an output in C4, the shader says instead what one
// texel is, which is this plane's `pixel` and the map's `at`, and with ALIKE that
// two neighbours are the same.
#ifdef MADE
#if TEXELS == 2
layout(binding = MADE) writeonly restrict buffer Y { u64vec4 y[]; }; // C4
#else
layout(binding = MADE) writeonly restrict buffer Y { u64vec2 y[]; }; // C4
#endif

vec4 made(uint pixel, int at);

void make(uint pixel)
{
    const uint at = map_base + pixel;
#ifdef ALIKE
    const vec4 both = made(pixel, int(at));
    y[at / 2] = stored(both, both);
#elif TEXELS == 2
    y[at / 2] = stored(made(pixel, int(at)), made(pixel + 1, int(at) + 1));
#else
    y[at] = stored(made(pixel, int(at)));
#endif
}
#endif
