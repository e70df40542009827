#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require

// Convolution as a matrix product: pixels by output channels, over taps and input
// channels. 256 invocations make a tile of ROWS * ROWS_EACH pixels and COLUMNS * 4
// channels; what they multiply comes through shared memory, sixteen channels of one
// tap at a time, and while they multiply one such step the next is on its way to
// registers. Formula and shapes: engine/ops/conv2d.c.
//
// Every sum goes over taps and channels in the one order, by fma(), and is `precise`,
// without which a device may take fma() apart: so all tiles give the same bits. With
// SPLIT there are sums of some steps alone, which reduce_splits.comp adds.

#include "params/gpu_conv.h"
#include "include/element.glsl"

#define ROWS        (GPU_CONV_GROUP_SIZE / COLUMNS)
#define TILE_PIXELS (ROWS * ROWS_EACH)
#define GROUP_SIZE  GPU_CONV_GROUP_SIZE
layout(local_size_x = GROUP_SIZE) in;

#include "include/index.glsl"
#include "include/wrap.glsl"

layout(push_constant) uniform Push { GpuConvParams p; };

layout(binding = 0) restrict readonly buffer X { ELEMENT4 x[]; };           // NHWC
layout(binding = 1) restrict readonly buffer Weight { ELEMENT4 weight[]; }; // [parts, K K, C, O]
#ifdef SPLIT
layout(binding = 2) restrict writeonly buffer Sums { vec4 sums[]; }; // [parts, splits, pixels, O]
#else
#include "include/gpu_conv_end.glsl"
#endif

// How many of a step's quads an invocation fetches.
#define PIXEL_QUADS  (TILE_PIXELS * GPU_STEP_QUADS)
#define WEIGHT_QUADS (GPU_STEP_QUADS * 4 * COLUMNS)
#define PIXEL_LOADS  ((PIXEL_QUADS + GROUP_SIZE - 1) / GROUP_SIZE)
#define WEIGHT_LOADS ((WEIGHT_QUADS + GROUP_SIZE - 1) / GROUP_SIZE)

// A pixel's channels side by side, as they lie in memory: a step of a row is 64
// bytes, so that the rows of the invocations that read at once lie in different
// banks. An output channel's neighbours likewise.
shared vec4 shared_pixels[2][PIXEL_QUADS];   // [pixel][quad]
shared vec4 shared_weights[2][WEIGHT_QUADS]; // [channel][output quad]

// In place of an index: no pixel there, and zeros to multiply.
const uint NO_PIXEL = 0xffffffffu;

uint self = gl_LocalInvocationIndex;
uint first_pixel, first_quad, weight_base; // of the tile
uint in_width = p.in_width >> p.doubled;   // as it is given
uint image_base[PIXEL_LOADS];               // in pixels of the input; NO_PIXEL: no such output
uint top[PIXEL_LOADS], left[PIXEL_LOADS];   // of what an output pixel sees
uint from[PIXEL_LOADS];                     // the pixel under the tap, in quads; NO_PIXEL: zeros
vec4 next_pixels[PIXEL_LOADS], next_weights[WEIGHT_LOADS];
vec4 sum[ROWS_EACH];

void find_pixels()
{
    [[unroll]] for (uint j = 0; j < PIXEL_LOADS; j++) {
        const uint i = self + j * GROUP_SIZE, pixel = first_pixel + i / GPU_STEP_QUADS;
        const uint image = pixel / p.image_pixels, in_image = pixel % p.image_pixels;
        const uint row = in_image / p.width, column = in_image % p.width;

        const bool there = i < PIXEL_QUADS && pixel < p.end_pixel;
        image_base[j] = there ? image * (p.in_height >> p.doubled) * in_width : NO_PIXEL;
        top[j] = row * p.stride - uint(p.top);
        left[j] = column * p.stride - uint(p.left);
    }
}

// The boundary is looked at once a tap, not once a step.
void go_to_tap(uint tap)
{
    const uint ky = tap / p.kernel, kx = tap % p.kernel;

    [[unroll]] for (uint j = 0; j < PIXEL_LOADS; j++) {
        const uint row = wrapped(top[j] + ky, p.wrap_height);
        const uint column = wrapped(left[j] + kx, p.wrap_width);
        const bool inside =
            image_base[j] != NO_PIXEL && row < p.in_height && column < p.in_width;
        const uint pixel = image_base[j] + (row >> p.doubled) * in_width + (column >> p.doubled);
        from[j] = inside ? pixel * p.quads : NO_PIXEL;
    }
}

// Loads the step at `quad` of a tap.
void fetch(uint tap, uint quad)
{
    [[unroll]] for (uint j = 0; j < PIXEL_LOADS; j++) {
        const uint own = quad + self % GPU_STEP_QUADS; // GROUP_SIZE is a multiple of it
        next_pixels[j] = vec4(0.0);
        if (from[j] != NO_PIXEL && own < p.quads)
            next_pixels[j] = load4(x[from[j] + own]);
    }
    [[unroll]] for (uint j = 0; j < WEIGHT_LOADS; j++) {
        const uint i = self + j * GROUP_SIZE;
        const uint channel = quad * 4 + i / COLUMNS, own = first_quad + i % COLUMNS;
        next_weights[j] = vec4(0.0);
        if (i < WEIGHT_QUADS && channel < p.quads * 4 && own < p.out_quads)
            next_weights[j] =
                load4(weight[weight_base + (tap * p.quads * 4 + channel) * p.out_quads + own]);
    }
}

void put(uint stage)
{
    [[unroll]] for (uint j = 0; j < PIXEL_LOADS; j++) {
        const uint i = self + j * GROUP_SIZE;
        if (i < PIXEL_QUADS)
            shared_pixels[stage][i] = next_pixels[j];
    }
    [[unroll]] for (uint j = 0; j < WEIGHT_LOADS; j++) {
        const uint i = self + j * GROUP_SIZE;
        if (i < WEIGHT_QUADS)
            shared_weights[stage][i] = next_weights[j];
    }
}

void multiply(uint stage, uint row, uint column)
{
    [[unroll]] for (uint quad = 0; quad < GPU_STEP_QUADS; quad++) {
        vec4 pixel[ROWS_EACH];
        [[unroll]] for (uint i = 0; i < ROWS_EACH; i++)
            pixel[i] = shared_pixels[stage][(row + i * ROWS) * GPU_STEP_QUADS + quad];
        [[unroll]] for (uint k = 0; k < 4; k++) {
            const vec4 w = shared_weights[stage][(quad * 4 + k) * COLUMNS + column];
            [[unroll]] for (uint i = 0; i < ROWS_EACH; i++) {
                precise const vec4 next = fma(vec4(pixel[i][k]), w, sum[i]);
                sum[i] = next;
            }
        }
    }
}

void main()
{
    const uint row = self / COLUMNS, column = self % COLUMNS;
    const uint split = gl_WorkGroupID.z % p.splits;
    const uint part = gl_WorkGroupID.z / p.splits % p.parts;
    const uint begin = split * p.split_steps;
    const uint end = min(begin + p.split_steps, p.kernel * p.kernel * p.tap_steps);

    first_pixel = p.first_pixel + group_index() * TILE_PIXELS;
    first_quad = gl_WorkGroupID.z / p.splits / p.parts * COLUMNS;
    weight_base = part * p.kernel * p.kernel * p.quads * 4 * p.out_quads;
    find_pixels();
    [[unroll]] for (uint i = 0; i < ROWS_EACH; i++)
        sum[i] = vec4(0.0);

    uint tap = begin / p.tap_steps, quad = begin % p.tap_steps * GPU_STEP_QUADS;
    go_to_tap(tap);
    fetch(tap, quad);
    put(0);
    barrier();
    for (uint step = begin; step < end; step++) {
        const uint stage = (step - begin) % 2;
        quad += GPU_STEP_QUADS;
        if (quad >= p.quads) {
            quad = 0;
            go_to_tap(++tap);
        }
        if (step + 1 < end)
            fetch(tap, quad);
        multiply(stage, row, column);
        if (step + 1 < end)
            put(1 - stage);
        barrier();
    }

    const uint own = first_quad + column;
    [[unroll]] for (uint i = 0; i < ROWS_EACH; i++) {
        const uint pixel = first_pixel + row + i * ROWS;
        if (pixel < p.end_pixel && own < p.out_quads) {
#ifdef SPLIT
            const uint sum_row = (part * p.splits + split) * (p.end_pixel - p.first_pixel);
            sums[(sum_row + pixel - p.first_pixel) * p.out_quads + own] = sum[i];
#else
            finish(part, pixel, own, sum[i]);
#endif
        }
    }
}
