#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require

// add_channels, and with SCALED scale_shift: formulas in engine/ops/add_channels.c and
// scale_shift.c. Their vectors are short and plain, in fp32.

#include "include/gpu_map.glsl"
#define ACT p.act
#include "include/activate4.glsl"

layout(binding = 0) restrict readonly buffer X { ELEMENT4 x[]; };  // [N, H, W, C]
layout(binding = 1) restrict readonly buffer V { float v[]; };     // [N, C], SCALED: [N, 2, C]
layout(binding = 2) restrict writeonly buffer Y { ELEMENT4 y[]; }; // as x

// The vector's value for a channel, whose row of C values begins at `row`; zero where
// there is no such channel, so that x stays zero there.
float of_channel(uint row, uint channel)
{
    return channel < p.channels ? v[row * p.channels + channel] : 0.0;
}

vec4 of_quad(uint row, uint quad)
{
    const uint c = quad * 4;
    return vec4(of_channel(row, c), of_channel(row, c + 1), of_channel(row, c + 2),
                of_channel(row, c + 3));
}

void main()
{
    if (map_index >= p.count)
        return;

    const uint i = map_image * p.count + map_index;
    const uint quad = map_index % p.quads;
#ifdef SCALED
    const vec4 scaled = load4(x[i]) * (1.0 + of_quad(2 * map_image, quad));
    y[i] = stored4(activate4(scaled + of_quad(2 * map_image + 1, quad)));
#else
    y[i] = stored4(load4(x[i]) + of_quad(map_image, quad));
#endif
}
