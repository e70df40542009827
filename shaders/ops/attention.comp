#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require

// One workgroup makes one query's pixel of one head. Formula and shapes:
// engine/ops/attention.c.
//
// The keys pass by in runs of GROUP_SIZE, a thread each. What has been summed
// so far is kept relative to the highest score so far and scaled down when a
// higher one comes (Milakov & Gimelshein, arXiv:1805.02867), so that any number
// of keys needs the same shared memory. The sums of the channels, a thread each
// for every GROUP_SIZEth, grow in y itself, so that a head may be of any width.

#define GROUP_SIZE 64
layout(local_size_x = GROUP_SIZE) in;

#include "params/attention.h"
#include "include/index.glsl"
#include "include/max.glsl"
#include "include/sum.glsl"
#include "include/turns.glsl"

layout(push_constant) uniform Push { AttentionParams p; };

layout(binding = 0) readonly buffer Q { float q[]; }; // [N, D, H, W]
layout(binding = 1) readonly buffer K { float k[]; }; // [N, D, KH, KW]
layout(binding = 2) readonly buffer V { float v[]; }; // as K
layout(binding = 3) buffer Y { float y[]; };          // as Q

const float LOWEST = -3.0e38;

shared float weights[GROUP_SIZE]; // exp(score - highest) of the keys at hand

float score(uint q_base, uint k_base)
{
    float sum = 0.0;
    FOR_STEPS(d, 0, 1, p.head_dim)
        sum += q[q_base + d * p.queries] * k[k_base + d * p.keys];
    return sum * p.scale;
}

// y = y * keep + the values of `num_keys` keys, weighed.
void add_values(uint y_base, uint v_base, uint num_keys, bool first, float keep)
{
    for (uint d = gl_LocalInvocationID.x; d < p.head_dim; d += GROUP_SIZE) {
        float sum = first ? 0.0 : y[y_base + d * p.queries] * keep;
        FOR_STEPS(j, 0, 1, num_keys)
            sum += weights[j] * v[v_base + d * p.keys + j];
        y[y_base + d * p.queries] = sum;
    }
}

void main()
{
    const uint group = group_index();
    if (group >= p.count)
        return;

    const uint head = group / p.queries; // of all images
    const uint q_base = head * p.head_dim * p.queries + group % p.queries;
    const uint k_base = head * p.head_dim * p.keys;
    const uint me = gl_LocalInvocationID.x;

    float highest = LOWEST;
    float total = 0.0; // of all weights so far
    for (uint first = 0; first < p.keys; first += GROUP_SIZE) {
        const bool has_key = first + me < p.keys;
        const float s = has_key ? score(q_base, k_base + first + me) : LOWEST;
        const float now_highest = max(highest, group_max(s));
        const float keep = exp(highest - now_highest);
        const float weight = has_key ? exp(s - now_highest) : 0.0;

        weights[me] = weight;
        total = total * keep + group_sum(weight); // whose barriers also publish weights
        add_values(q_base, k_base + first, min(p.keys - first, GROUP_SIZE), first == 0, keep);
        highest = now_highest;
        barrier(); // no thread may overwrite its weight before all have used it
    }

    for (uint d = me; d < p.head_dim; d += GROUP_SIZE)
        y[q_base + d * p.queries] /= total;
}
