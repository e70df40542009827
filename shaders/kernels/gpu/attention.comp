#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require

// A workgroup makes QUERIES pixels of OUT_QUADS quads of one head; of a head that has
// more, others make the rest, with the same scores. Formula and shapes:
// engine/ops/attention.c.
//
// The keys pass by in blocks. What has been summed so far is kept relative to the
// highest score so far and scaled down when a higher one comes (Milakov & Gimelshein,
// arXiv:1805.02867; Dao et al., arXiv:2205.14135), so that no score leaves the
// workgroup. A block is two products:
//
//   scores = q k^T   16 x 16 invocations, each some queries by some keys; both go
//                    through shared memory a few quads at a time
//   sums += p v      an invocation has one quad of some queries, in registers; it
//                    loads the values itself, neighbours side by side
//
// Loops whose length is known are unrolled: llvmpipe counts the turns of all others
// together, and attention.c applies as long as they are few enough.

#include "params/gpu_attention.h"

#define GROUP_SIZE GPU_ATTENTION_GROUP_SIZE
layout(local_size_x = GROUP_SIZE) in;

#include "include/element.glsl"

#define KEYS      GPU_ATTENTION_KEYS
#define DEPTH     GPU_ATTENTION_DEPTH // quads of q and k in shared memory at a time
#define LANES     16 // invocations that share a query's scores
#define OWN_ROWS  (QUERIES / LANES)
#define OWN_KEYS  (KEYS / LANES)
#define OUT_LANES (GROUP_SIZE / OUT_QUADS) // invocations that share a quad's queries
#define OUT_ROWS  (QUERIES / OUT_LANES)

layout(push_constant) uniform Push { GpuAttentionParams p; };

layout(binding = 0) restrict readonly buffer Q { ELEMENT4 q[]; };  // [N, H, W, D]
layout(binding = 1) restrict readonly buffer K { ELEMENT4 k[]; };  // [N, KH, KW, D]
layout(binding = 2) restrict readonly buffer V { ELEMENT4 v[]; };  // as K
layout(binding = 3) restrict writeonly buffer Y { ELEMENT4 y[]; }; // as Q

const float LOWEST = -3.0e38;

uint me = gl_LocalInvocationID.x;
uint score_row = me / LANES; // and every LANES-th from there
uint score_lane = me % LANES;
uint out_row = me / OUT_QUADS; // and every OUT_LANES-th from there
uint out_quad = gl_WorkGroupID.y % p.slices * OUT_QUADS + me % OUT_QUADS; // of the head
uint image = gl_WorkGroupID.z;
uint head_at = gl_WorkGroupID.y / p.slices * p.head_quads; // within a pixel
uint first_query = gl_WorkGroupID.x * QUERIES;

// A row longer than DEPTH: neighbouring rows begin in other banks.
shared vec4 q_part[QUERIES][DEPTH + 1], k_part[KEYS][DEPTH + 1];
shared vec4 weights[QUERIES][KEYS / 4 + 1]; // exp(score - highest) of a block
shared float of_lanes[QUERIES][LANES + 1];  // what each lane knows of a query
shared float kept_share[QUERIES];           // of the sums so far, after a block

uint query_at(uint row)
{
    return (image * p.queries + first_query + row) * p.quads + head_at;
}

uint key_at(uint key)
{
    return (image * p.keys + key) * p.quads + head_at;
}

// Zeros where there is no such pixel, or the head has no such quad.
void fetch(uint first_key, uint first_quad)
{
    const uint quad = first_quad + me % DEPTH;

    const uint row = me / DEPTH; // as many rows as a group has are all
    if (row < QUERIES) {
        const bool there = quad < p.head_quads && first_query + row < p.queries;
        q_part[row][me % DEPTH] = there ? load4(q[query_at(row) + quad]) : vec4(0.0);
    }
    if (row < KEYS) {
        const bool there = quad < p.head_quads && first_key + row < p.keys;
        k_part[row][me % DEPTH] = there ? load4(k[key_at(first_key + row) + quad]) : vec4(0.0);
    }
}

void add_products(inout float scores[OWN_ROWS][OWN_KEYS])
{
    [[unroll]] for (uint d = 0; d < DEPTH; d++) {
        vec4 key[OWN_KEYS];
        [[unroll]] for (uint j = 0; j < OWN_KEYS; j++)
            key[j] = k_part[score_lane + j * LANES][d];
        [[unroll]] for (uint i = 0; i < OWN_ROWS; i++) {
            const vec4 query = q_part[score_row + i * LANES][d];
            [[unroll]] for (uint j = 0; j < OWN_KEYS; j++)
                scores[i][j] += dot(query, key[j]);
        }
    }
}

// Of this invocation's queries and keys; LOWEST where there is no such key.
void make_scores(uint first_key, out float scores[OWN_ROWS][OWN_KEYS])
{
    [[unroll]] for (uint i = 0; i < OWN_ROWS; i++) {
        [[unroll]] for (uint j = 0; j < OWN_KEYS; j++)
            scores[i][j] = 0.0;
    }
    for (uint quad = 0; quad < p.head_quads; quad += DEPTH) {
        barrier(); // what was fetched before has been used, and so have the weights
        fetch(first_key, quad);
        barrier();
        add_products(scores);
    }
    [[unroll]] for (uint j = 0; j < OWN_KEYS; j++) {
        const bool there = first_key + score_lane + j * LANES < p.keys;
        [[unroll]] for (uint i = 0; i < OWN_ROWS; i++)
            scores[i][j] = there ? scores[i][j] * p.scale : LOWEST;
    }
}

void publish_highest(float scores[OWN_ROWS][OWN_KEYS])
{
    [[unroll]] for (uint i = 0; i < OWN_ROWS; i++) {
        float own = LOWEST;
        [[unroll]] for (uint j = 0; j < OWN_KEYS; j++)
            own = max(own, scores[i][j]);
        of_lanes[score_row + i * LANES][score_lane] = own;
    }
    barrier();
}

float highest_of(uint row)
{
    float highest = LOWEST;
    [[unroll]] for (uint lane = 0; lane < LANES; lane++)
        highest = max(highest, of_lanes[row][lane]);
    return highest;
}

// Turns scores into weights, and adds this lane's to its totals.
void publish_weights(float scores[OWN_ROWS][OWN_KEYS], inout float highest[OWN_ROWS],
                     inout float total[OWN_ROWS])
{
    [[unroll]] for (uint i = 0; i < OWN_ROWS; i++) {
        const uint row = score_row + i * LANES;
        const float now_highest = max(highest[i], highest_of(row));
        const float keep = exp(highest[i] - now_highest);

        total[i] *= keep;
        [[unroll]] for (uint j = 0; j < OWN_KEYS; j++) {
            const uint key = score_lane + j * LANES;
            const float weight = exp(scores[i][j] - now_highest);
            total[i] += weight;
            weights[row][key / 4][key % 4] = weight;
        }
        if (score_lane == 0)
            kept_share[row] = keep;
        highest[i] = now_highest;
    }
    barrier();
}

// Behind the last key is the last: its weight is zero.
vec4 value(uint key)
{
    return load4(v[key_at(min(key, p.keys - 1)) + min(out_quad, p.head_quads - 1)]);
}

void add_values(uint first_key, inout vec4 sums[OUT_ROWS])
{
    [[unroll]] for (uint r = 0; r < OUT_ROWS; r++)
        sums[r] *= kept_share[out_row + r * OUT_LANES];
    [[unroll]] for (uint j = 0; j < KEYS / 4; j++) {
        const uint key = first_key + j * 4;
        const vec4 v0 = value(key), v1 = value(key + 1), v2 = value(key + 2), v3 = value(key + 3);
        [[unroll]] for (uint r = 0; r < OUT_ROWS; r++) {
            const vec4 w = weights[out_row + r * OUT_LANES][j];
            sums[r] += w.x * v0 + w.y * v1 + w.z * v2 + w.w * v3;
        }
    }
}

void publish_totals(float total[OWN_ROWS])
{
    [[unroll]] for (uint i = 0; i < OWN_ROWS; i++)
        of_lanes[score_row + i * LANES][score_lane] = total[i];
    barrier();
}

void store_quotient(uint row, vec4 sum)
{
    float total = 0.0;
    [[unroll]] for (uint lane = 0; lane < LANES; lane++)
        total += of_lanes[row][lane];
    if (first_query + row < p.queries && out_quad < p.head_quads)
        y[query_at(row) + out_quad] = stored4(sum / total);
}

void main()
{
    float scores[OWN_ROWS][OWN_KEYS];
    float highest[OWN_ROWS], total[OWN_ROWS];
    vec4 sums[OUT_ROWS];

    [[unroll]] for (uint i = 0; i < OWN_ROWS; i++) {
        highest[i] = LOWEST;
        total[i] = 0.0;
    }
    [[unroll]] for (uint r = 0; r < OUT_ROWS; r++)
        sums[r] = vec4(0.0);

    for (uint first_key = 0; first_key < p.keys; first_key += KEYS) {
        make_scores(first_key, scores);
        publish_highest(scores);
        publish_weights(scores, highest, total);
        add_values(first_key, sums);
    }
    publish_totals(total);
    [[unroll]] for (uint r = 0; r < OUT_ROWS; r++)
        store_quotient(out_row + r * OUT_LANES, sums[r]);
}
