#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require

// activation: formulas in engine/ops/activation.c.

#include "include/gpu_map.glsl"
#define ACT p.act
#include "include/activate4.glsl"

layout(binding = 0) restrict readonly buffer X { ELEMENT4 x[]; };  // [N, H, W, C]
layout(binding = 1) restrict writeonly buffer Y { ELEMENT4 y[]; }; // as x

void main()
{
    if (map_index >= p.count)
        return;

    const uint i = map_image * p.count + map_index;
    y[i] = stored4(activate4(load4(x[i])));
}
