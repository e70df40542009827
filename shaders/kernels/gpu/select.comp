#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require

// slice, and with CONCAT concat: y's channels are a's from p.first on, and behind
// those there are, b's. Where the channels that come first fill whole quads, so do the
// others; else each of four channels is fetched by itself.

#include "include/gpu_map.glsl"

#ifdef CONCAT
layout(binding = 0) restrict readonly buffer A { ELEMENT4 a[]; };  // [N, H, W, A]
layout(binding = 1) restrict readonly buffer B { ELEMENT4 b[]; };  // [N, H, W, B]
layout(binding = 2) restrict writeonly buffer Y { ELEMENT4 y[]; }; // [N, H, W, A + B]
#else
layout(binding = 0) restrict readonly buffer A { ELEMENT4 a[]; };  // [N, H, W, A]
layout(binding = 1) restrict writeonly buffer Y { ELEMENT4 y[]; }; // [N, H, W, C]
#endif

vec4 quad_of_a(uint pixel, uint quad)
{
    return load4(a[pixel * p.in_quads + quad]);
}

// Of the channels behind a's, by their number there.
vec4 quad_behind(uint pixel, uint quad)
{
#ifdef CONCAT
    return load4(b[pixel * ((p.channels - p.in_channels + 3) / 4) + quad]);
#else
    return vec4(0.0);
#endif
}

float channel_of(uint pixel, uint channel)
{
    if (channel >= p.channels)
        return 0.0;
    channel += p.first;
    if (channel < p.in_channels)
        return quad_of_a(pixel, channel / 4)[channel % 4];
    channel -= p.in_channels;
    return quad_behind(pixel, channel / 4)[channel % 4];
}

void main()
{
    if (map_index >= p.count)
        return;

    const uint i = map_image * p.count + map_index;
    const uint pixel = i / p.quads; // of all images
    const uint quad = i % p.quads;
#ifdef CONCAT
    const bool whole = p.in_channels % 4 == 0;
#else
    const bool whole = p.first % 4 == 0 && p.channels % 4 == 0;
#endif

    vec4 made;
    if (whole) {
        const uint from = quad + p.first / 4;
        made = from < p.in_quads ? quad_of_a(pixel, from) : quad_behind(pixel, from - p.in_quads);
    } else {
        for (uint k = 0; k < 4; k++)
            made[k] = channel_of(pixel, quad * 4 + k);
    }
    y[i] = stored4(made);
}
