// SPDX-License-Identifier: GPL-3.0-or-later
//
// Average pooling over squares of two by two pixels.
//
//     x [N, C, H, W], H and W even  ->  y [N, C, H / 2, W / 2]
//     y(v, u) = (x(2 v, 2 u) + x(2 v, 2 u + 1) + x(2 v + 1, 2 u) + x(2 v + 1, 2 u + 1)) / 4
//
// The rows of all channels of all images lie one below the other: row r of y,
// counted so, comes from rows 2 r and 2 r + 1 of x.

#include "ops/avg_pool.h"

#include "graph/op.h"
#include "params/avg_pool.h"

static bool infer(SfmCall *call, GError **error)
{
    const uint32_t *x = call->in[0].dim;

    if (x[2] % 2 != 0 || x[3] % 2 != 0)
        return sfm_fail(error, SFM_ERROR_BAD_SHAPE, "avg_pool: %u x %u pixels are not even", x[3],
                        x[2]);

    call->out[0] = SFM_SHAPE(x[0], x[1], x[2] / 2, x[3] / 2);
    return true;
}

static void reference(const SfmCall *call, float *const out[], const float *const in[])
{
    const uint32_t *y = call->out[0].dim;
    const size_t width = y[3];
    const size_t rows = (size_t)y[0] * y[1] * y[2];

    for (size_t v = 0; v < rows; v++) {
        const float *upper = in[0] + 2 * v * 2 * width;
        const float *lower = upper + 2 * width;
        for (size_t u = 0; u < width; u++) {
            const double sum =
                (double)upper[2 * u] + upper[2 * u + 1] + lower[2 * u] + lower[2 * u + 1];
            out[0][v * width + u] = (float)(sum / 4);
        }
    }
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

static void sample(GRand *rand, SfmCall *call, void *attrs)
{
    call->num_inputs = 1;
    call->in[0] = SFM_SHAPE(g_rand_int_range(rand, 1, 4), g_rand_int_range(rand, 1, 6),
                            2 * g_rand_int_range(rand, 1, 14), 2 * g_rand_int_range(rand, 1, 14));
}

const SfmOp sfm_op_avg_pool = {
    .name = "avg_pool",
    .min_inputs = 1,
    .max_inputs = 1,
    .num_outputs = 1,
    .infer = infer,
    .reference = reference,
    .launch = launch,
    .flop = flop,
    .sample = sample,
};
