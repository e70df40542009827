// SPDX-License-Identifier: GPL-3.0-or-later
//
// Nearest-neighbour upsampling by two.
//
//     x [N, C, H, W]  ->  y [N, C, 2 H, 2 W]
//     y(v, u) = x(v / 2, u / 2), rounded down
//
// The rows of all channels of all images lie one below the other: row r of y,
// counted so, comes from row r / 2 of x.

#include "ops/upsample_nearest.h"

#include "graph/op.h"
#include "params/upsample_nearest.h"

static bool infer(SfmCall *call, GError **error)
{
    const uint32_t *x = call->in[0].dim;

    if (x[2] > UINT32_MAX / 2 || x[3] > UINT32_MAX / 2)
        return sfm_fail(error, SFM_ERROR_BAD_SHAPE, "upsample_nearest: %u x %u pixels are too many",
                        x[3], x[2]);

    call->out[0] = SFM_SHAPE(x[0], x[1], 2 * x[2], 2 * x[3]);
    return true;
}

static void reference(const SfmCall *call, float *const out[], const float *const in[])
{
    const uint32_t *y = call->out[0].dim;
    const size_t width = y[3];
    const size_t rows = (size_t)y[0] * y[1] * y[2];

    for (size_t v = 0; v < rows; v++) {
        for (size_t u = 0; u < width; u++)
            out[0][v * width + u] = in[0][v / 2 * (width / 2) + u / 2];
    }
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

static void sample(GRand *rand, SfmCall *call, void *attrs)
{
    call->num_inputs = 1;
    call->in[0] = SFM_SHAPE(g_rand_int_range(rand, 1, 4), g_rand_int_range(rand, 1, 6),
                            g_rand_int_range(rand, 1, 14), g_rand_int_range(rand, 1, 14));
}

const SfmOp sfm_op_upsample_nearest = {
    .name = "upsample_nearest",
    .min_inputs = 1,
    .max_inputs = 1,
    .num_outputs = 1,
    .infer = infer,
    .reference = reference,
    .launch = launch,
    .sample = sample,
};
