#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
#extension GL_KHR_shader_subgroup_basic : require
#extension GL_KHR_shader_subgroup_shuffle : require

// Convolution as a matrix product, 50 GFLOP/s a Zen 4 core (128 -> 128 channels at
// 32 x 32; Mesa 22.3 and 25.0). A workgroup is one subgroup of eight lanes, which
// are eight pixels; it makes OUTPUTS channels of VECTORS * 8 pixels.
// With CONVOLUTION there is a bias, and perhaps an addend; without, a product
// alone, of one tap. A store takes TEXELS neighbouring pixels: two, where images hold
// an even number. Formula and shapes: engine/ops/conv2d.c.
//
// What makes it fast on llvmpipe:
// - texel buffers: 9 cycles a load of 8 x 4 floats, storage buffers 92 for 8;
// - a weight is loaded once by the lane that is its output channel, and the pixels
//   go around by shuffles whose index is a constant, one instruction each. At step
//   i lane l has pixel l ^ i, so the sums lie skewed; the end straightens them;
// - few basic blocks: unrolled, without a branch, 0.25 s to compile 512 products;
// - do-while: a for-loop runs its body once more with all lanes masked off, and the
//   loops within it too.

#define GROUP_SIZE 8
layout(local_size_x = GROUP_SIZE) in;

#include "params/gemm.h"
#include "include/divide.glsl"
#include "include/outside.glsl"
#include "include/stored.glsl"
#include "include/wrap.glsl"

#if TEXELS == 2
#define STORED     u64vec4
#define stored_of(v) stored(v[0], v[1])
#else
#define STORED     u64vec2
#define stored_of(v) stored(v[0])
#endif

layout(push_constant) uniform Push { GemmParams p; };

layout(binding = 0, rgba32f) uniform restrict readonly imageBuffer x;      // C4
// [tile][tap][C / 4][OUTPUTS]
layout(binding = 1, rgba32f) uniform restrict readonly imageBuffer weight;
#ifdef CONVOLUTION
layout(binding = 2, rgba32f) uniform restrict readonly imageBuffer bias;   // [O], padded to a tile
layout(binding = 3, rgba32f) uniform readonly imageBuffer addend;          // C4; may lie at y
layout(binding = 4) writeonly buffer Y { STORED y[]; };                    // C4
#else
layout(binding = 2) writeonly restrict buffer Y { STORED y[]; };           // C4
#endif

#include "include/rotated.glsl"

void main()
{
    const uint lane = gl_SubgroupInvocationID;
    const uint batch = p.groups_z == 0 ? gl_WorkGroupID.z : 0;
    const uint group = gl_WorkGroupID.x + gl_WorkGroupID.z * p.groups_z;
    const uint tile = gl_WorkGroupID.y;

    int first[VECTORS], top[VECTORS], left[VECTORS], to[VECTORS], more[VECTORS];
    [[unroll]] for (int v = 0; v < VECTORS; v++) {
        const uint pixel =
            (group * VECTORS + v / TEXELS * TEXELS) * GROUP_SIZE + lane * TEXELS + v % TEXELS;
        const uint image = divide(pixel, p.image_pixels, p.inverse_image);
        const uint in_image = pixel - image * p.image_pixels;
        const uint row = divide(in_image, p.width, p.inverse_width);
        const uint column = in_image - row * p.width;

        first[v] = int(batch * p.in_batch + image * p.in_image);
        top[v] = int(row * p.stride) - p.top;
        left[v] = int(column * p.stride) - p.left;
        to[v] = int(pixel < p.pixels
                        ? batch * p.out_batch + image * p.out_image + in_image
                        : uint(BEYOND)) / TEXELS;
        more[v] = p.addend_image != 0
                      ? int(image * p.addend_image + (p.addend_plane > 1 ? in_image : 0))
                      : OUTSIDE;
        [[unroll]] for (int o = 0; o < OUTPUTS; o++)
            sums[v][o] = 0.0;
    }

    // A push constant that is named in a loop is gathered there, lane by lane.
    const uint quads = p.quads;
    const int weight_step = int(p.weight_step), in_plane = int(p.in_plane);

#ifdef CONVOLUTION
    const int kernel = int(p.kernel);
#else
    const int kernel = 1;
#endif
    int w = int(batch * p.weight_batch + tile * p.weight_tile + lane);
    int ky = 0;
    do {
        int kx = 0;
        do {
            int from[VECTORS];
            [[unroll]] for (int v = 0; v < VECTORS; v++) {
                const uint row = wrapped(uint(top[v] + ky), p.wrap_height);
                const uint column = wrapped(uint(left[v] + kx), p.wrap_width);
                from[v] = row < p.in_height && column < p.in_width && to[v] != BEYOND / TEXELS
                              ? first[v] + int((row >> p.doubled) * (p.in_width >> p.doubled) +
                                               (column >> p.doubled))
                              : OUTSIDE;
            }
            uint c = 0;
            do {
                multiply(from, w);
                w += weight_step;
                [[unroll]] for (int v = 0; v < VECTORS; v++)
                    from[v] += in_plane;
            } while (++c < quads);
        } while (++kx < kernel);
    } while (++ky < kernel);

    const uint first_quad = tile * (OUTPUTS / 4), out_quads = p.out_quads;
    const int out_plane = int(p.out_plane) / TEXELS;
#ifdef CONVOLUTION
    const int addend_plane = int(p.addend_plane);
    const float scale = p.scale;
    vec4 offset[OUTPUTS / 4];
    [[unroll]] for (int o = 0; o < OUTPUTS / 4; o++)
        offset[o] = imageLoad(bias, int(batch * p.bias_batch + first_quad + o));

    // Compiles in a third of the time that all vectors at once take, which the
    // products' short sums do not let us save.
    int n = VECTORS;
    do {
        [[unroll]] for (int v = 0; v < TEXELS; v++)
            straighten(v);
        [[unroll]] for (int o = 0; o < OUTPUTS / 4; o++) {
            const int quad = int(first_quad + o);
            vec4 made[TEXELS];
            [[unroll]] for (int v = 0; v < TEXELS; v++) {
                const vec4 other = imageLoad(addend, more[v] + quad * addend_plane);
                made[v] = (sum_of(v, o) + offset[o] + other) * scale;
            }
            y[quad < out_quads ? to[0] + quad * out_plane : BEYOND / TEXELS] = stored_of(made);
        }
        [[unroll]] for (int v = 0; v < VECTORS - TEXELS; v++) {
            to[v] = to[v + TEXELS];
            more[v] = more[v + TEXELS];
            [[unroll]] for (int o = 0; o < OUTPUTS; o++)
                sums[v][o] = sums[v + TEXELS][o];
        }
        n -= TEXELS;
    } while (n > 0);
#else
    [[unroll]] for (int first_of = 0; first_of < VECTORS; first_of += TEXELS) {
        [[unroll]] for (int v = 0; v < TEXELS; v++)
            straighten(first_of + v);
        [[unroll]] for (int o = 0; o < OUTPUTS / 4; o++) {
            const int quad = int(first_quad + o);
            vec4 made[TEXELS];
            [[unroll]] for (int v = 0; v < TEXELS; v++)
                made[v] = sum_of(first_of + v, o);
            y[quad < out_quads ? to[first_of] + quad * out_plane : BEYOND / TEXELS] =
                stored_of(made);
        }
    }
#endif
}
