// SPDX-License-Identifier: GPL-3.0-or-later
//
// Squares of pixels become channels (torch's PixelUnshuffle).
//
//     x [N, C, H, W], p divides H and W  ->  y [N, C p p, H / p, W / p]
//     y[n, c p p + dy p + dx](v, u) = x[n, c](p v + dy, p u + dx)
//
// With the planes of all images counted on, plane q of y comes from plane
// q / (p p) of x, from the pixel (dy, dx) of each square with
// dy p + dx = q mod (p p).

#include "ops/space_to_depth.h"

#include "graph/op.h"
#include "params/space_to_depth.h"

static bool infer(SfmCall *call, GError **error)
{
    const uint32_t p = ((const SfmSpaceToDepth *)call->attrs)->factor;
    const uint32_t *x = call->in[0].dim;

    if (p == 0 || x[2] % p != 0 || x[3] % p != 0)
        return sfm_fail(error, SFM_ERROR_BAD_SHAPE,
                        "space_to_depth: factor %u does not divide %u x %u pixels", p, x[3], x[2]);
    if ((uint64_t)p * p > UINT32_MAX || (uint64_t)p * p * x[1] > UINT32_MAX)
        return sfm_fail(error, SFM_ERROR_BAD_SHAPE,
                        "space_to_depth: factor %u makes too many channels of %u", p, x[1]);

    call->out[0] = SFM_SHAPE(x[0], x[1] * p * p, x[2] / p, x[3] / p);
    return true;
}

size_t sfm_space_to_depth_source(SfmShape y, size_t p, size_t i)
{
    const size_t height = y.dim[2], width = y.dim[3];
    const size_t u = i % width, v = i / width % height, q = i / width / height;
    const size_t dy = q % (p * p) / p, dx = q % p;

    const size_t row = (q / (p * p) * height + v) * p + dy; // of all planes of x
    return (row * width + u) * p + dx;
}

static void reference(const SfmCall *call, float *const out[], const float *const in[])
{
    const size_t p = ((const SfmSpaceToDepth *)call->attrs)->factor;
    const size_t count = sfm_shape_count(call->out[0]);

    for (size_t i = 0; i < count; i++)
        out[0][i] = in[0][sfm_space_to_depth_source(call->out[0], p, i)];
}

static void launch(const SfmCall *call, SfmLaunch *l)
{
    const struct SpaceToDepthParams p = {
        .count = (uint32_t)sfm_shape_count(call->out[0]),
        .factor = ((const SfmSpaceToDepth *)call->attrs)->factor,
        .width = call->out[0].dim[3],
        .height = call->out[0].dim[2],
    };

    sfm_launch_count(l, p.count, ELEMENT_GROUP_SIZE);
    sfm_launch_push(l, &p, sizeof(p));
}

static void sample(GRand *rand, SfmCall *call, void *attrs)
{
    const uint32_t p = g_rand_int_range(rand, 1, 5);

    *(SfmSpaceToDepth *)attrs = (SfmSpaceToDepth){ .factor = p };
    call->num_inputs = 1;
    call->in[0] = SFM_SHAPE(g_rand_int_range(rand, 1, 4), g_rand_int_range(rand, 1, 5),
                            p * g_rand_int_range(rand, 1, 7), p * g_rand_int_range(rand, 1, 7));
}

const SfmOp sfm_op_space_to_depth = {
    .name = "space_to_depth",
    .min_inputs = 1,
    .max_inputs = 1,
    .num_outputs = 1,
    .attrs_size = sizeof(SfmSpaceToDepth),
    .infer = infer,
    .reference = reference,
    .launch = launch,
    .sample = sample,
};
