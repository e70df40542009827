#version 460
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_GOOGLE_include_directive : require

// One invocation writes the four elements of one block, or those of them that
// the image has. Formula and shapes: engine/ops/noise.c.

#include "params/noise.h"
#include "params/normal.h"
#include "params/philox.h"

#define GROUP_SIZE ELEMENT_GROUP_SIZE
layout(local_size_x = GROUP_SIZE) in;

#include "include/index.glsl"

layout(push_constant) uniform Push { NoiseParams p; };

layout(binding = 0) writeonly buffer Y { float y[]; }; // [N, C, H, W]

// Writes elements e and e + 1 of the image that starts at `base`.
void write_pair(uint base, uint e, NormalPair pair)
{
    if (e < p.elements)
        y[base + e] = pair.cosine;
    if (e + 1 < p.elements)
        y[base + e + 1] = pair.sine;
}

void main()
{
    const uint blocks = (p.elements - 1) / 4 + 1; // of one image
    const uint image = invocation_index() / blocks;
    const uint block = invocation_index() % blocks;
    if (image >= p.images)
        return;

    const PhiloxBlock words =
        noise_words(p.seed, p.first_image + image, p.step_number, p.stream,
                    p.first_block + block);
    const uint base = image * p.elements;

    write_pair(base, 4 * block, normal_pair(words.word0, words.word1));
    write_pair(base, 4 * block + 2, normal_pair(words.word2, words.word3));
}
