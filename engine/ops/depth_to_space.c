// SPDX-License-Identifier: GPL-3.0-or-later
//
// Channels become squares of pixels (torch's PixelShuffle): undoes
// space_to_depth.
//
//     x [N, C p p, H, W]  ->  y [N, C, p H, p W]
//     y[n, c](p v + dy, p u + dx) = x[n, c p p + dy p + dx](v, u)

#include "ops/depth_to_space.h"

#include "graph/op.h"
#include "ops/space_to_depth.h"
#include "params/depth_to_space.h"

static bool infer(SfmCall *call, GError **error)
{
    const uint32_t p = ((const SfmDepthToSpace *)call->attrs)->factor;
    const uint32_t *x = call->in[0].dim;

    if (p == 0 || p > UINT16_MAX || x[1] % (p * p) != 0)
        return sfm_fail(error, SFM_ERROR_BAD_SHAPE,
                        "depth_to_space: %u channels are not a multiple of %u x %u", x[1], p, p);
    if ((uint64_t)p * x[2] > UINT32_MAX || (uint64_t)p * x[3] > UINT32_MAX)
        return sfm_fail(error, SFM_ERROR_BAD_SHAPE,
                        "depth_to_space: factor %u makes too many pixels of %u x %u", p, x[3],
                        x[2]);

    call->out[0] = SFM_SHAPE(x[0], x[1] / (p * p), p * x[2], p * x[3]);
    return true;
}

static void reference(const SfmCall *call, float *const out[], const float *const in[])
{
    const size_t p = ((const SfmDepthToSpace *)call->attrs)->factor;
    const size_t count = sfm_shape_count(call->in[0]);

    for (size_t i = 0; i < count; i++)
        out[0][sfm_space_to_depth_source(call->in[0], p, i)] = in[0][i];
}

static void launch(const SfmCall *call, SfmLaunch *l)
{
    const struct DepthToSpaceParams p = {
        .count = (uint32_t)sfm_shape_count(call->out[0]),
        .factor = ((const SfmDepthToSpace *)call->attrs)->factor,
        .width = call->in[0].dim[3],
        .height = call->in[0].dim[2],
    };

    sfm_launch_count(l, p.count, ELEMENT_GROUP_SIZE);
    sfm_launch_push(l, &p, sizeof(p));
}

static void sample(GRand *rand, SfmCall *call, void *attrs)
{
    const uint32_t p = g_rand_int_range(rand, 1, 5);

    *(SfmDepthToSpace *)attrs = (SfmDepthToSpace){ .factor = p };
    call->num_inputs = 1;
    call->in[0] = SFM_SHAPE(g_rand_int_range(rand, 1, 4), p * p * g_rand_int_range(rand, 1, 5),
                            g_rand_int_range(rand, 1, 7), g_rand_int_range(rand, 1, 7));
}

const SfmOp sfm_op_depth_to_space = {
    .name = "depth_to_space",
    .min_inputs = 1,
    .max_inputs = 1,
    .num_outputs = 1,
    .attrs_size = sizeof(SfmDepthToSpace),
    .infer = infer,
    .reference = reference,
    .launch = launch,
    .sample = sample,
};
