#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require

// depth_to_space to a plain image: formula in engine/ops/depth_to_space.c. An invocation
// makes one value, not a quad.

#include "include/gpu_map.glsl"

layout(binding = 0) restrict readonly buffer X { ELEMENT4 x[]; }; // [N, H, W, C p p]
layout(binding = 1) restrict writeonly buffer Y { float y[]; };   // [N, C, p H, p W]

void main()
{
    if (map_index >= p.count)
        return;

    const uint column = map_index % p.width;
    const uint height = p.in_height * p.factor;
    const uint row = map_index / p.width % height, plane = map_index / p.width / height;
    const uint dy = row % p.factor, dx = column % p.factor;

    const uint channel = (plane * p.factor + dy) * p.factor + dx;
    const uint pixel =
        (map_image * p.in_height + row / p.factor) * p.in_width + column / p.factor;
    y[map_image * p.count + map_index] = load4(x[pixel * p.in_quads + channel / 4])[channel % 4];
}
