// SPDX-License-Identifier: GPL-3.0-or-later
//
// Average pooling over squares of two by two pixels.
//
//     x [N, C, H, W], H and W even  ->  y [N, C, H / 2, W / 2]
//     y(v, u) = (x(2 v, 2 u) + x(2 v, 2 u + 1) + x(2 v + 1, 2 u) + x(2 v + 1, 2 u + 1)) / 4
//
// For the shader the rows of all channels of all images lie one below the other:
// row r of y, counted so, comes from rows 2 r and 2 r + 1 of x.

#include "ops/avg_pool.h"

#include "ops/resample.h"
#include "params/avg_pool.h"

static double mean(const float *x, const SfmResampleMap *map, int64_t v, int64_t u)
{
    const float *upper = x + 2 * v * map->width + 2 * u;
    const float *lower = upper + map->width;

    return ((double)upper[0] + upper[1] + lower[0] + lower[1]) / 4;
}

static void reference(const SfmCall *call, float *const out[], const float *const in[])
{
    sfm_resample_planes(call, out[0], in[0], mean);
}

static void launch(const SfmCall *call, SfmLaunch *l)
{
    const struct AvgPoolParams p = {
        .count = (uint32_t)sfm_shape_count(call->out[0]),
        .width = call->out[0].dim[3],
    };

    sfm_launch_count(l, p.count, ELEMENT_GROUP_SIZE);
    sfm_launch_push(l, &p, sizeof(p));
}

static double flop(const SfmCall *call)
{
    return 4.0 * (double)sfm_shape_count(call->out[0]);
}

const SfmOp sfm_op_avg_pool = {
    .name = "avg_pool",
    .min_inputs = 1,
    .max_inputs = 1,
    .num_outputs = 1,
    .infer = sfm_resample_infer_half,
    .reference = reference,
    .launch = launch,
    .flop = flop,
    .sample = sfm_resample_sample_half,
};
