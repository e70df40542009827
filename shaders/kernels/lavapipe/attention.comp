#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
#extension GL_KHR_shader_subgroup_basic : require
#extension GL_KHR_shader_subgroup_shuffle : require

// Attention of VECTORS * 8 queries of a head, from scores to values: a lane has a
// query of each vector. Formula and shapes: engine/ops/attention.c.
//
// Both products go as in gemm.comp: eight keys, or what they hold, are loaded by a
// lane each and go around by shuffles, so that at step i lane l has key l ^ i. The
// scores keep that order, in which the second product takes them: nothing is
// straightened, and the values need not be turned. They lie in a slot of memory that
// only this workgroup knows, and of that each lane reads what it wrote itself.

#define GROUP_SIZE 8
layout(local_size_x = GROUP_SIZE) in;

#include "params/attention4.h"
#include "include/outside.glsl"
#include "include/stored.glsl"

#define VECTORS  ATTENTION4_VECTORS
#define KEYS     ATTENTION4_KEYS
#define CHANNELS ATTENTION4_CHANNELS

layout(push_constant) uniform Push { Attention4Params p; };

layout(binding = 0, rgba32f) uniform readonly imageBuffer q; // [head][D / 4][queries]
layout(binding = 1, rgba32f) uniform readonly imageBuffer k; // [head][D / 4][keys]
layout(binding = 2, rgba32f) uniform readonly imageBuffer v; // as k
layout(binding = 3, rgba32f) uniform readonly imageBuffer scores; // [slot][keys / 8][VECTORS][8][2]
layout(binding = 4) writeonly buffer Scores { u64vec4 kept[]; };  // the same memory
#ifdef PAIRED
#define TEXELS 2
layout(binding = 5) writeonly buffer Y { u64vec4 y[]; }; // as q
#else
#define TEXELS 1
layout(binding = 5) writeonly buffer Y { u64vec2 y[]; }; // as q
#endif

const float LOWEST = -3.4e38;

// What loops need of the push constants, which llvmpipe gathers lane by lane each
// time they are named.
uint lane = gl_SubgroupInvocationID;
uint queries = p.queries, keys = p.keys, head_quads = p.head_quads;
uint tile = p.first_tile + gl_WorkGroupID.x;
uint head_planes = tile / p.head_tiles * head_quads; // before the head's
uint key_eights = (keys + 7) / 8;
uint slot = gl_WorkGroupID.x * ((keys + KEYS - 1) / KEYS * (KEYS / 8)) * VECTORS * 8 + lane;

// What lane l ^ i has.
float from_lane(float own, int i)
{
    return i == 0 ? own : subgroupShuffle(own, lane ^ i);
}

// This lane's query of vector n.
uint query_of(int n)
{
    return (tile % p.head_tiles * VECTORS + n / TEXELS * TEXELS) * GROUP_SIZE + lane * TEXELS +
           n % TEXELS;
}

// Where the scores of vector n and eight keys lie, in two texels.
uint eight_at(uint eight, int n)
{
    return slot + (eight * VECTORS + n) * 8;
}

// One quad of `score`: [n][8 * m + i] is of key 8 * m + (lane ^ i).
void add_products(inout float score[VECTORS][KEYS], int query_at[VECTORS], int key_at[KEYS / 8])
{
    vec4 query[VECTORS], key[KEYS / 8];
    [[unroll]] for (int n = 0; n < VECTORS; n++)
        query[n] = imageLoad(q, query_at[n]);
    [[unroll]] for (int m = 0; m < KEYS / 8; m++)
        key[m] = imageLoad(k, key_at[m]);

    [[unroll]] for (int m = 0; m < KEYS / 8; m++) {
        [[unroll]] for (int i = 0; i < 8; i++) {
            vec4 quad;
            [[unroll]] for (int c = 0; c < 4; c++)
                quad[c] = from_lane(key[m][c], i);
            [[unroll]] for (int n = 0; n < VECTORS; n++) {
                float sum = score[n][8 * m + i];
                [[unroll]] for (int c = 0; c < 4; c++)
                    sum += query[n][c] * quad[c];
                score[n][8 * m + i] = sum;
            }
        }
    }
}

// Scores of KEYS keys, which are put away; the highest of each query comes out.
void make_scores(uint first_key, inout float highest[VECTORS])
{
    float score[VECTORS][KEYS];
    int query_at[VECTORS], key_at[KEYS / 8];

    [[unroll]] for (int n = 0; n < VECTORS; n++) {
        const uint query = query_of(n);
        query_at[n] = query < queries ? int(head_planes * queries + query) : OUTSIDE;
        [[unroll]] for (int o = 0; o < KEYS; o++)
            score[n][o] = 0.0;
    }
    [[unroll]] for (int m = 0; m < KEYS / 8; m++) {
        const uint key = first_key + m * 8 + lane;
        key_at[m] = key < keys ? int(head_planes * keys + key) : OUTSIDE;
    }

    uint quad = 0;
    do {
        add_products(score, query_at, key_at);
        [[unroll]] for (int n = 0; n < VECTORS; n++)
            query_at[n] += int(queries);
        [[unroll]] for (int m = 0; m < KEYS / 8; m++)
            key_at[m] += int(keys);
    } while (++quad < head_quads);

    [[unroll]] for (int m = 0; m < KEYS / 8; m++) {
        [[unroll]] for (int n = 0; n < VECTORS; n++) {
            vec4 four[2];
            [[unroll]] for (int i = 0; i < 8; i++) {
                const bool there = first_key + m * 8 + (lane ^ i) < keys;
                four[i / 4][i % 4] = there ? score[n][8 * m + i] : LOWEST;
            }
            const vec4 most = max(four[0], four[1]);
            highest[n] = max(highest[n], max(max(most.x, most.y), max(most.z, most.w)));
            kept[eight_at(first_key / 8 + m, n)] = stored(four[0], four[1]);
        }
    }
}

// Scores become exp(score - highest), whose sums these are.
void weigh(float highest[VECTORS], out float total[VECTORS])
{
    const float scale = p.scale;
    vec4 sums[VECTORS];

    [[unroll]] for (int n = 0; n < VECTORS; n++)
        sums[n] = vec4(0.0);
    uint eight = 0;
    do {
        [[unroll]] for (int n = 0; n < VECTORS; n++) {
            const uint at = eight_at(eight, n);
            vec4 four[2];
            [[unroll]] for (int h = 0; h < 2; h++) {
                four[h] = exp((imageLoad(scores, int(2 * at) + h) - highest[n]) * scale);
                sums[n] += four[h];
            }
            kept[at] = stored(four[0], four[1]);
        }
    } while (++eight < key_eights);
    [[unroll]] for (int n = 0; n < VECTORS; n++)
        total[n] = sums[n].x + sums[n].y + sums[n].z + sums[n].w;
}

// Eight keys' part in the sums of CHANNELS channels.
void add_values(inout float sums[VECTORS][CHANNELS], uint eight, int value_at)
{
    vec4 weight[VECTORS][2], value[CHANNELS / 4];
    [[unroll]] for (int n = 0; n < VECTORS; n++) {
        [[unroll]] for (int h = 0; h < 2; h++)
            weight[n][h] = imageLoad(scores, int(2 * eight_at(eight, n)) + h);
    }
    [[unroll]] for (int b = 0; b < CHANNELS / 4; b++)
        value[b] = imageLoad(v, value_at + b * int(keys));

    [[unroll]] for (int b = 0; b < CHANNELS / 4; b++) {
        [[unroll]] for (int c = 0; c < 4; c++) {
            float of_key[8];
            [[unroll]] for (int i = 0; i < 8; i++)
                of_key[i] = from_lane(value[b][c], i);
            [[unroll]] for (int n = 0; n < VECTORS; n++) {
                float sum = sums[n][4 * b + c];
                [[unroll]] for (int i = 0; i < 8; i++)
                    sum += weight[n][i / 4][i % 4] * of_key[i];
                sums[n][4 * b + c] = sum;
            }
        }
    }
}

void store(float sums[VECTORS][CHANNELS], float inverse[VECTORS], uint first_quad)
{
    [[unroll]] for (int n = 0; n < VECTORS; n += TEXELS) {
        const uint query = query_of(n);
        [[unroll]] for (int b = 0; b < CHANNELS / 4; b++) {
            const uint quad = first_quad + b;
            const uint at = (head_planes + quad) * queries + query;
            vec4 made[TEXELS];
            [[unroll]] for (int t = 0; t < TEXELS; t++)
                made[t] = vec4(sums[n + t][4 * b], sums[n + t][4 * b + 1], sums[n + t][4 * b + 2],
                               sums[n + t][4 * b + 3]) *
                          inverse[n + t];
            const bool there = quad < head_quads && query < queries;
#ifdef PAIRED
            y[there ? at / 2 : BEYOND / 2] = stored(made[0], made[1]);
#else
            y[there ? at : BEYOND] = stored(made[0]);
#endif
        }
    }
}

void main()
{
    float highest[VECTORS], inverse[VECTORS];

    [[unroll]] for (int n = 0; n < VECTORS; n++)
        highest[n] = LOWEST;
    uint key = 0;
    do {
        make_scores(key, highest);
        key += KEYS;
    } while (key < keys);

    weigh(highest, inverse);
    [[unroll]] for (int n = 0; n < VECTORS; n++)
        inverse[n] = 1.0 / inverse[n];

    uint quad = 0;
    do {
        float sums[VECTORS][CHANNELS];
        [[unroll]] for (int n = 0; n < VECTORS; n++) {
            [[unroll]] for (int c = 0; c < CHANNELS; c++)
                sums[n][c] = 0.0;
        }
        uint eight = 0;
        do {
            const uint own = eight * 8 + lane;
            add_values(sums, eight,
                       own < keys ? int((head_planes + quad) * keys + own) : OUTSIDE);
        } while (++eight < key_eights);
        store(sums, inverse, quad);
        quad += CHANNELS / 4;
    } while (quad < head_quads);
}
