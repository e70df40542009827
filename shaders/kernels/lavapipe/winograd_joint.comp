#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
#extension GL_KHR_shader_subgroup_basic : require
#extension GL_KHR_shader_subgroup_shuffle : require

// The products of all frequencies and A^T m A in one: a workgroup makes OUTPUTS
// channels of VECTORS * 8 tiles, frequency by frequency as gemm.comp does, leaves
// them in memory of its own and transforms them back while they are in the cache,
// as winograd_out.comp does, with the same bits. Pixels are stored two by two where
// PAIRED: where rows hold an even number of them.

#define GROUP_SIZE 8
layout(local_size_x = GROUP_SIZE) in;

#include "params/winograd_joint.h"
#include "include/divide.glsl"
#include "include/outside.glsl"
#include "include/stored.glsl"
#include "include/winograd.glsl"

#ifdef PAIRED
#define TEXELS       2
#define STORED       u64vec4
#define stored_of(v) stored(v[0], v[1])
#else
#define TEXELS       1
#define STORED       u64vec2
#define stored_of(v) stored(v[0])
#endif

layout(push_constant) uniform Push { WinogradJointParams p; };

layout(binding = 0, rgba32f) uniform restrict readonly imageBuffer x;      // [SPAN * SPAN][C / 4][tiles]
layout(binding = 1, rgba32f) uniform restrict readonly imageBuffer weight; // [SPAN * SPAN][tile][C / 4][OUTPUTS]
layout(binding = 2, rgba32f) uniform restrict readonly imageBuffer bias;   // [O], zeros to a whole tile
layout(binding = 3, rgba32f) uniform readonly imageBuffer addend;          // C4; may lie where y does
layout(binding = 4) writeonly buffer Y { STORED y[]; };                    // C4

// The same memory twice: [workgroup][SPAN * SPAN][OUTPUTS / 4][VECTORS * 8], and a
// cache line between two frequencies.
layout(binding = 5) coherent writeonly buffer M { u64vec4 products[]; };
layout(binding = 6, rgba32f) uniform coherent readonly imageBuffer product;

#define FREQUENCY (OUTPUTS / 4 * VECTORS * 8 + 4) // texels

#include "include/rotated.glsl"

// Frequency by frequency, to the texels from `own` on.
void multiply_all(uint group, uint channels, int own)
{
    const uint lane = gl_SubgroupInvocationID;

    // Neighbouring tiles share a store, as in gemm.comp.
    int start[VECTORS];
    [[unroll]] for (int v = 0; v < VECTORS; v++) {
        const uint tile = (group * VECTORS + v / 2 * 2) * GROUP_SIZE + lane * 2 + v % 2;
        start[v] = tile < p.tiles ? int(tile) : OUTSIDE;
    }

    // A push constant that is named in a loop is gathered there, lane by lane.
    const uint quads = p.quads;
    const int in_plane = int(p.tiles), in_frequency = int(p.frequency_stride);
    const int weight_frequency = int(p.weight_frequency);

    int weight_start = int(channels * p.weight_tile + lane);
    int to = own / 2 + int(lane);
    uint frequency = 0;
    do {
        int from[VECTORS];
        [[unroll]] for (int v = 0; v < VECTORS; v++) {
            from[v] = start[v];
            start[v] += in_frequency;
            [[unroll]] for (int o = 0; o < OUTPUTS; o++)
                sums[v][o] = 0.0;
        }
        int w = weight_start;
        weight_start += weight_frequency;
        uint c = 0;
        do {
            multiply(from, w);
            w += OUTPUTS;
            [[unroll]] for (int v = 0; v < VECTORS; v++)
                from[v] += in_plane;
        } while (++c < quads);

        [[unroll]] for (int v = 0; v < VECTORS; v += 2) {
            straighten(v);
            straighten(v + 1);
            [[unroll]] for (int o = 0; o < OUTPUTS / 4; o++)
                products[to + (o * VECTORS + v) * 4] = stored(sum_of(v, o), sum_of(v + 1, o));
        }
        to += FREQUENCY / 2;
    } while (++frequency < SPAN * SPAN);
}

// A^T m A, of the products from `from` on.
void collect_tile(int from, out vec4 y[SIZE][SIZE])
{
    vec4 part[SPAN][SIZE]; // [column][row]
    [[unroll]] for (int j = 0; j < SPAN; j++) {
        vec4 m[SPAN];
        [[unroll]] for (int i = 0; i < SPAN; i++)
            m[i] = imageLoad(product, from + (i * SPAN + j) * FREQUENCY);
        collect(m, part[j]);
    }
    [[unroll]] for (int i = 0; i < SIZE; i++) {
        vec4 m[SPAN];
        [[unroll]] for (int j = 0; j < SPAN; j++)
            m[j] = part[j][i];
        collect(m, y[i]);
    }
}

// Eight tiles at a time, a lane each, in all channels of the workgroup.
void transform_back(uint group, uint channels, int own)
{
    const uint lane = gl_SubgroupInvocationID;
    const uint tiles = p.tiles, planes = p.planes, height = p.height, width = p.width;
    const uint plane_pixels = height * width, addend_plane = p.addend_plane;
    const uint first_quad = channels * (OUTPUTS / 4);
    const bool one_for_all = addend_plane == 1;
    const int more_row = one_for_all ? 0 : int(width), more_column = one_for_all ? 0 : 1;
    const float scale = p.scale;

    uint v = 0;
    do {
        const uint tile = (group * VECTORS + v) * GROUP_SIZE + lane;
        const uint image = divide(p.first_tile + tile, p.image_tiles, p.inverse_image_tiles);
        const uint in_image = p.first_tile + tile - image * p.image_tiles;
        const uint tile_row = divide(in_image, p.row_tiles, p.inverse_row_tiles);
        const uint top = tile_row * SIZE;
        const uint left = (in_image - tile_row * p.row_tiles) * SIZE;
        const uint rows = tile < tiles ? height - top : 0, columns = width - left;
        uint at = (image * planes + first_quad) * plane_pixels + top * width + left;
        int more = p.addend_image != 0 ? int(image * p.addend_image + first_quad * addend_plane) +
                                             int(top) * more_row + int(left) * more_column
                                       : OUTSIDE;
        int from = own + int(v * GROUP_SIZE + lane);
        uint o = 0;
        do {
            const vec4 offset = imageLoad(bias, int(first_quad + o));
            const bool inside = first_quad + o < planes;
            vec4 pixel[SIZE][SIZE];
            collect_tile(from, pixel);

            [[unroll]] for (int i = 0; i < SIZE; i++) {
                [[unroll]] for (int j = 0; j < SIZE; j++) {
                    const vec4 addition = imageLoad(addend, more + i * more_row + j * more_column);
                    pixel[i][j] = (pixel[i][j] + offset + addition) * scale;
                }
                [[unroll]] for (int j = 0; j < SIZE; j += TEXELS) {
                    vec4 next[TEXELS];
                    [[unroll]] for (int t = 0; t < TEXELS; t++)
                        next[t] = pixel[i][j + t];
                    if (inside && i < rows && j < columns)
                        y[(at + i * width + j) / TEXELS] = stored_of(next);
                }
            }
            from += VECTORS * GROUP_SIZE;
            at += plane_pixels;
            more += int(addend_plane);
        } while (++o < OUTPUTS / 4);
    } while (++v < VECTORS);
}

void main()
{
    const uint group = gl_WorkGroupID.x, channels = gl_WorkGroupID.y;
    const int own = int(channels * gl_NumWorkGroups.x + group) * FREQUENCY * SPAN * SPAN;

    multiply_all(group, channels, own);
    subgroupBarrier(); // a lane reads what others have stored
    transform_back(group, channels, own);
}
