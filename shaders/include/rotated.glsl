// SPDX-License-Identifier: GPL-3.0-or-later
// OUTPUTS sums of VECTORS * 8 pixels by one subgroup of eight lanes, pixels going
// around them: what makes it fast is told in kernels/lavapipe/gemm.comp. It reads
// the texel buffers x and weight, which who includes this has declared.

// [tile + i]: channel tile + lane of pixel lane ^ i, until straighten()
float sums[VECTORS][OUTPUTS];

// All loads come first: Mesa 25 makes a call of each, across which no register
// lives. Within, a sum is fetched and put away once for four channels.
void multiply(int from[VECTORS], int w)
{
    const uint lane = gl_SubgroupInvocationID;

    vec4 pixel[VECTORS], own[OUTPUTS / 8];
    [[unroll]] for (int v = 0; v < VECTORS; v++)
        pixel[v] = imageLoad(x, from[v]);
    [[unroll]] for (int tile = 0; tile < OUTPUTS / 8; tile++)
        own[tile] = imageLoad(weight, w + tile * 8);

    [[unroll]] for (int v = 0; v < VECTORS; v++) {
        [[unroll]] for (int i = 0; i < 8; i++) {
            vec4 four = pixel[v];
            [[unroll]] for (int k = 0; k < 4; k++)
                four[k] = i == 0 ? four[k] : subgroupShuffle(four[k], lane ^ i);
            [[unroll]] for (int tile = 0; tile < OUTPUTS / 8; tile++) {
                float sum = sums[v][tile * 8 + i];
                [[unroll]] for (int k = 0; k < 4; k++)
                    sum += own[tile][k] * four[k];
                sums[v][tile * 8 + i] = sum;
            }
        }
    }
}

// Moves the sum of channel o to sums[v][o] in the lane of its pixel: to that lane
// first, then to its place, a bit of o at a time.
void straighten(int v)
{
    const uint lane = gl_SubgroupInvocationID;

    [[unroll]] for (int o = 0; o < OUTPUTS; o++)
        sums[v][o] = o % 8 == 0 ? sums[v][o] : subgroupShuffle(sums[v][o], lane ^ (o % 8));
    [[unroll]] for (int tile = 0; tile < OUTPUTS; tile += 8) {
        [[unroll]] for (int j = 0; j < 3; j++) {
            const int bit = 1 << j;
            float was[8];
            [[unroll]] for (int o = 0; o < 8; o++)
                was[o] = sums[v][tile + o];
            [[unroll]] for (int o = 0; o < 8; o++)
                sums[v][tile + o] = mix(was[o], was[o ^ bit], (lane & bit) != 0);
        }
    }
}

vec4 sum_of(int v, int quad)
{
    return vec4(sums[v][4 * quad], sums[v][4 * quad + 1], sums[v][4 * quad + 2],
                sums[v][4 * quad + 3]);
}
