#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require

// Formula and shapes: engine/ops/group_norm.c. Small maps take one dispatch (WHOLE):
// a workgroup sees all pixels of its groups. Of large ones each workgroup takes a run
// of pixels: the first dispatch (STATISTICS) leaves mean and squares of each group's
// part of a run in the scratch memory, and in the second (APPLY) each workgroup puts
// together what all the runs of its groups have left.
//
// All is put together in an order that the shape alone decides.

#include "params/gpu_group_norm.h"

#define GROUP_SIZE GPU_NORM_GROUP_SIZE
layout(local_size_x = GROUP_SIZE) in;

#include "include/element.glsl"
#include "include/moments.glsl"

layout(push_constant) uniform Push { GpuGroupNormParams p; };

#define ACT p.act
#include "include/activate4.glsl"

layout(binding = 0) restrict readonly buffer X { ELEMENT4 x[]; }; // [N, H, W, C]
#if defined(STATISTICS)
layout(binding = 1) restrict writeonly buffer Parts { vec2 parts[]; }; // [N, G, runs]
#else
layout(binding = 1) restrict readonly buffer Gamma { vec4 gamma[]; }; // [C], filled up with zeros
layout(binding = 2) restrict readonly buffer Beta { vec4 beta[]; };   // likewise
layout(binding = 3) restrict writeonly buffer Y { ELEMENT4 y[]; };    // as x
#endif
#if defined(APPLY)
layout(binding = 4) restrict readonly buffer Parts { vec2 parts[]; };
#endif

uint me = gl_LocalInvocationID.x;
uint row = me / p.columns;
uint column = me % p.columns;
uint first_quad = gl_WorkGroupID.y * p.block_quads;
uint first_group = gl_WorkGroupID.y * p.block_groups;
uint image = gl_WorkGroupID.z;
uint first_pixel = gl_WorkGroupID.x * p.run;
uint end_pixel = min(first_pixel + p.run, p.pixels);

uint place(uint pixel, uint quad)
{
    return (image * p.pixels + pixel) * p.quads + quad;
}

shared float counts[GROUP_SIZE * 4], means[GROUP_SIZE * 4], squares[GROUP_SIZE * 4];

void keep(uint slot, Moments m)
{
    counts[slot] = m.count;
    means[slot] = m.mean;
    squares[slot] = m.squares;
}

Moments kept(uint slot)
{
    return Moments(counts[slot], means[slot], squares[slot]);
}

// Merges what the workers of each group know, `own` being this one's, into the first
// worker's slot. Every invocation must call it.
void gather(Moments own)
{
    keep(me, own);
    barrier();
    for (uint half_size = p.workers / 2; half_size > 0; half_size /= 2) {
        if (me % p.workers < half_size)
            keep(me, merged(kept(me), kept(me + half_size)));
        barrier();
    }
}

#if !defined(APPLY)
// Of this invocation's pixels of one quad, each channel: sums of how far they lie off
// the first of them, which is near enough that nothing of weight cancels.
void add_quad(uint quad, inout Moments of_channel[4])
{
    if (row >= p.rows || first_pixel + row >= end_pixel || quad >= p.quads)
        return;

    const vec4 near = load4(x[place(first_pixel + row, quad)]);
    vec4 sum = vec4(0.0), sum_of_squares = vec4(0.0);
    for (uint pixel = first_pixel + row + p.rows; pixel < end_pixel; pixel += p.rows) {
        const vec4 off = load4(x[place(pixel, quad)]) - near;
        sum += off;
        sum_of_squares += off * off;
    }

    const float count = float((end_pixel - first_pixel - row + p.rows - 1) / p.rows);
    const vec4 mean = sum / count;
    for (uint k = 0; k < 4; k++) {
        if (quad * 4 + k < p.channels) {
            const float rest = max(sum_of_squares[k] - sum[k] * mean[k], 0.0);
            of_channel[k] = merged(of_channel[k], Moments(count, near[k] + mean[k], rest));
        }
    }
}

// One of `workers` shares of what the invocations' slots say of a group. Where the
// block is one group, all slots are of that.
Moments share_of(uint group, uint worker)
{
    const uint row_slots = p.columns * 4;
    const uint width = p.block_groups == 1 ? row_slots : p.group_size;
    Moments m = NO_MOMENTS;

    if (group >= p.block_groups)
        return m;
    for (uint i = worker; i < p.rows * width; i += p.workers)
        m = merged(m, kept(i / width * row_slots + group * width + i % width));
    return m;
}

// Leaves the moments of the block's groups over this run of pixels, group g's in slot
// g * workers.
void measure()
{
    Moments of_channel[4] = { NO_MOMENTS, NO_MOMENTS, NO_MOMENTS, NO_MOMENTS };
    for (uint quad = column; quad < p.block_quads; quad += p.columns)
        add_quad(first_quad + quad, of_channel);

    for (uint k = 0; k < 4; k++)
        keep(me * 4 + k, of_channel[k]);
    barrier();
    const Moments share = share_of(me / p.workers, me % p.workers);
    barrier(); // no slot may change before all have been read
    gather(share);
}
#else
// The same, from what the runs of pixels have left.
void measure()
{
    const uint group = first_group + me / p.workers;
    const uint base = (image * p.groups + group) * p.runs;
    Moments m = NO_MOMENTS;

    if (me / p.workers < p.block_groups && group < p.groups) {
        for (uint run = me % p.workers; run < p.runs; run += p.workers) {
            const vec2 part = parts[base + run];
            const uint pixels = min(p.run, p.pixels - run * p.run);
            m = merged(m, Moments(float(pixels * p.group_size), part.x, part.y));
        }
    }
    gather(m);
}
#endif

#if defined(STATISTICS)
void main()
{
    measure();
    const uint group = first_group + me / p.workers;
    if (me % p.workers == 0 && me / p.workers < p.block_groups && group < p.groups)
        parts[(image * p.groups + group) * p.runs + gl_WorkGroupID.x] =
            vec2(means[me], squares[me]);
}
#else
void normalise(uint quad)
{
    vec4 mean, scale;
    for (uint k = 0; k < 4; k++) {
        const uint group = min(quad * 4 + k, p.channels - 1) / p.group_size;
        const Moments m = kept((group - first_group) * p.workers);
        mean[k] = m.mean;
        scale[k] = inversesqrt(m.squares / m.count + p.eps);
    }
    scale *= gamma[quad];

    const vec4 shift = beta[quad];
    for (uint pixel = first_pixel + row; pixel < end_pixel; pixel += p.rows) {
        const uint at = place(pixel, quad);
        y[at] = stored4(activate4((load4(x[at]) - mean) * scale + shift));
    }
}

void main()
{
    measure();
    if (row >= p.rows)
        return;
    for (uint quad = first_quad + column; quad < min(first_quad + p.block_quads, p.quads);
         quad += p.columns)
        normalise(quad);
}
#endif
