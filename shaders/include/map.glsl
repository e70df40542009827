// SPDX-License-Identifier: GPL-3.0-or-later
// The walk of a workgroup, eight lanes, over its run of a plane (params/maps.h):
//
//     for (uint pixel = first_pixel(); pixel < last_pixel(); pixel += GROUP_SIZE)
//
// All lanes turn equally often; a lane beyond the plane's end writes nowhere,
// because texel() gives it no texel.

#define GROUP_SIZE 8
layout(local_size_x = GROUP_SIZE) in;

#include "params/maps.h"
#include "include/outside.glsl"

layout(push_constant) uniform Push { MapParams p; };

uint plane()
{
    return gl_WorkGroupID.y;
}

uint image()
{
    return gl_WorkGroupID.z;
}

uint first_pixel()
{
    return gl_WorkGroupID.x * MAP_RUN;
}

uint last_pixel()
{
    return min(first_pixel() + MAP_RUN, p.pixels);
}

// Of this lane in a map like the output, when the walk is at `pixel`.
int texel(uint pixel)
{
    const uint own = pixel + gl_LocalInvocationID.x;
    return own < p.pixels ? int((image() * p.planes + plane()) * p.pixels + own) : OUTSIDE;
}
