#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require

// add: formula in engine/ops/add.c.

#include "include/gpu_map.glsl"

layout(binding = 0) restrict readonly buffer A { ELEMENT4 a[]; };  // [N, H, W, C]
layout(binding = 1) restrict readonly buffer B { ELEMENT4 b[]; };  // as a
layout(binding = 2) restrict writeonly buffer Y { ELEMENT4 y[]; }; // as a

void main()
{
    if (map_index >= p.count)
        return;

    const uint i = map_image * p.count + map_index;
    y[i] = stored4((load4(a[i]) + load4(b[i])) * p.scale);
}
