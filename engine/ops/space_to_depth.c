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

static void reference(const SfmCall *call, float *const out[], const float *const in[])
{
    const size_t p = ((const SfmSpaceToDepth *)call->attrs)->factor;
    const uint32_t *y = call->out[0].dim;
    const size_t planes = (size_t)y[0] * y[1], height = y[2], width = y[3];

    for (size_t q = 0; q < planes; q++) {
        const size_t dy = q % (p * p) / p, dx = q % p;
        const float *from = in[0] + q / (p * p) * p * height * p * width;
        float *to = out[0] + q * height * width;

        for (size_t v = 0; v < height; v++) {
            for (size_t u = 0; u < width; u++)
                to[v * width + u] = from[(p * v + dy) * p * width + p * u + dx];
        }
    }
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
