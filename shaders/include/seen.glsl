// SPDX-License-Identifier: GPL-3.0-or-later
// Mean and deviation of a group of x's texels, and its values normalised. The shader
// has x, p.inverse_count, p.eps, ACT, outside.glsl, and the globals `lane` and `image`,
// which is where in x the image begins.
//
// Each lane sums what its channels lie off a value near their mean, and its square:
// in one pass, and without the loss of E[x^2] - E[x]^2 (Chan, Golub & LeVeque,
// The American Statistician 37 (1983), 2.3 and 2.1 for putting the lanes together).

#include "include/activate4.glsl"

#define UNROLL 2 // texels of a lane that a turn of a loop sums
#define NEAR   4 // texels of a lane that stand for all

// What a lane has seen, in each of its texels' four channels.
struct Seen {
    vec4 shift;           // near the mean
    vec4 sum, square_sum; // of what they lie off `shift`
    vec4 count;
};

// Texels first <= at < end of the image, `own` being 1 for the channels that count.
void see(inout Seen seen, uint first, uint end, vec4 own)
{
    for (uint at = first; at < end; at += UNROLL * GROUP_SIZE) {
        [[unroll]] for (uint i = 0; i < UNROLL; i++) {
            const uint i_at = at + i * GROUP_SIZE + lane;
            const vec4 counted = i_at < end ? own : vec4(0.0);
            const vec4 off = (imageLoad(x, int(image + i_at)) - seen.shift) * counted;
            seen.sum += off;
            seen.square_sum += off * off;
            seen.count += counted;
        }
    }
}

float across(vec4 v)
{
    return subgroupAdd(v.x + v.y + v.z + v.w);
}

// Mean and 1 / standard deviation.
vec2 statistics(Seen seen)
{
    const vec4 part = seen.sum / max(seen.count, vec4(1.0));
    const float mean = across(seen.count * (seen.shift + part)) * p.inverse_count;
    const vec4 off = seen.shift + part - mean;
    const float squares = across(seen.square_sum - seen.sum * part + seen.count * off * off);
    return vec2(mean, inversesqrt(max(squares, 0.0) * p.inverse_count + p.eps));
}

// The mean of a lane's first texels from `first` on, zeros for what lies outside.
vec4 near_mean(uint first, uint end)
{
    vec4 sum = vec4(0.0);
    [[unroll]] for (uint i = 0; i < NEAR; i++) {
        const uint at = first + i * GROUP_SIZE + lane;
        sum += imageLoad(x, at < end ? int(image + at) : OUTSIDE);
    }
    return sum / NEAR;
}

// Of the group that has texels first <= at < end to itself.
vec2 statistics_of(uint first, uint end)
{
    Seen seen = Seen(vec4(0.0), vec4(0.0), vec4(0.0), vec4(0.0));
    seen.shift = near_mean(first, end);
    see(seen, first, end, vec4(1.0));
    return statistics(seen);
}

vec4 normalised(int at, vec4 mean, vec4 slope, vec4 offset)
{
    return activate4((imageLoad(x, at) - mean) * slope + offset);
}
