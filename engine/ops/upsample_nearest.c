// SPDX-License-Identifier: GPL-3.0-or-later
//
// Nearest-neighbour upsampling by two.
//
//     x [N, C, H, W]  ->  y [N, C, 2 H, 2 W]
//     y(v, u) = x(v / 2, u / 2), rounded down
//
// For the shader the rows of all channels of all images lie one below the other:
// row r of y, counted so, comes from row r / 2 of x.

#include "ops/upsample_nearest.h"

#include "ops/resample.h"
#include "params/upsample_nearest.h"

static double nearest(const float *x, const SfmResampleMap *map, int64_t v, int64_t u)
{
    return x[v / 2 * map->width + u / 2];
}

static void reference(const SfmCall *call, float *const out[], const float *const in[])
{
    sfm_resample_planes(call, out[0], in[0], nearest);
}

static void launch(const SfmCall *call, SfmLaunch *l)
{
    const struct UpsampleNearestParams p = {
        .count = (uint32_t)sfm_shape_count(call->out[0]),
        .width = call->out[0].dim[3],
    };

    sfm_launch_count(l, p.count, ELEMENT_GROUP_SIZE);
    sfm_launch_push(l, &p, sizeof(p));
}

const SfmOp sfm_op_upsample_nearest = {
    .name = "upsample_nearest",
    .min_inputs = 1,
    .max_inputs = 1,
    .num_outputs = 1,
    .infer = sfm_resample_infer_double,
    .reference = reference,
    .launch = launch,
    .sample = sfm_resample_sample_double,
};
