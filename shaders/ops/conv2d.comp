#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require

// One invocation a value of y. Formula and shapes: engine/ops/conv2d.c.

#include "params/conv2d.h"

#define GROUP_SIZE ELEMENT_GROUP_SIZE
layout(local_size_x = GROUP_SIZE) in;

#include "include/index.glsl"
#include "include/wrap.glsl"

layout(push_constant) uniform Push { Conv2dParams p; };

layout(binding = 0) readonly buffer X { float x[]; };           // [N, C, H, W], or half of H and W
layout(binding = 1) readonly buffer Weight { float weight[]; }; // [P O, C, K, K]
layout(binding = 2) readonly buffer Bias { float bias[]; };     // [P, O, 1, 1]
layout(binding = 3) readonly buffer Addend { float addend[]; }; // [N, O, OH, OW] or [N, O, 1, 1]
layout(binding = 4) writeonly buffer Y { float y[]; };          // [P N, O, OH, OW]

// The products under one channel's taps. What lies above or left of the image is a
// huge coordinate, so that one comparison finds it too.
float taps(uint x_base, uint weight_base, uint first_y, uint first_x)
{
    float sum = 0.0;

    for (uint ky = 0; ky < p.kernel; ky++) {
        const uint row = wrapped(first_y + ky, p.wrap_height);
        if (row >= p.height)
            continue;
        for (uint kx = 0; kx < p.kernel; kx++) {
            const uint column = wrapped(first_x + kx, p.wrap_width);
            if (column < p.width)
                sum += x[x_base + (row >> p.doubled) * (p.width >> p.doubled) +
                         (column >> p.doubled)] *
                       weight[weight_base + ky * p.kernel + kx];
        }
    }
    return sum;
}

void main()
{
    const uint i = invocation_index();
    if (i >= p.count)
        return;

    const uint out_x = i % p.out_width;
    const uint out_y = i / p.out_width % p.out_height;
    const uint plane = i / (p.out_width * p.out_height); // (part N + n) O + o
    const uint image = plane / p.out_channels;
    const uint part = image / p.images, n = image % p.images;
    const uint o = part * p.out_channels + plane % p.out_channels; // among all weights

    // A sum a channel first, then their sum: shorter chains of additions round
    // less.
    const uint x_plane = (p.height >> p.doubled) * (p.width >> p.doubled);
    float sum = 0.0;
    for (uint c = 0; c < p.channels; c++)
        sum += taps((n * p.channels + c) * x_plane,
                    (o * p.channels + c) * p.kernel * p.kernel, out_y * p.stride - p.top,
                    out_x * p.stride - p.left);
    float value = sum + bias[o];
    if (p.addend_plane != 0)
        value = (value + addend[p.addend_plane > 1 ? i : plane]) * p.scale;
    y[i] = value;
}
