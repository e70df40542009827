// SPDX-License-Identifier: GPL-3.0-or-later
//
// Doubling with a binomial low-pass filter, as StyleGAN2's upfirdn and NCSN++
// (Song et al., arXiv:2011.13456, appendix H) do it.
//
//     x [N, C, H, W]  ->  y [N, C, 2 H, 2 W]
//     y(v, u) = sum over i, j in 0 .. 3 of k_i k_j z(v + i - 2, u + j - 2)
//     k = (1, 3, 3, 1) / 4; z(2 v, 2 u) = x(v, u), and 0 at all other places

#include "ops/fir_up.h"

#include "graph/op.h"
#include "params/fir_up.h"

static bool infer(SfmCall *call, GError **error)
{
    const uint32_t *x = call->in[0].dim;

    if (x[2] > UINT32_MAX / 2 || x[3] > UINT32_MAX / 2)
        return sfm_fail(error, SFM_ERROR_BAD_SHAPE, "fir_up: %u x %u pixels are too many", x[3],
                        x[2]);

    call->out[0] = SFM_SHAPE(x[0], x[1], 2 * x[2], 2 * x[3]);
    return true;
}

// z: the plane x with zeros between its pixels and around it.
static double spread(const float *x, int64_t height, int64_t width, int64_t row, int64_t column)
{
    if (row < 0 || row >= 2 * height || row % 2 != 0)
        return 0.0;
    if (column < 0 || column >= 2 * width || column % 2 != 0)
        return 0.0;
    return x[row / 2 * width + column / 2];
}

// The filtered value at row v, column u of the larger plane.
static double filtered(const float *x, int64_t height, int64_t width, int64_t v, int64_t u)
{
    static const double k[4] = { 1 / 4.0, 3 / 4.0, 3 / 4.0, 1 / 4.0 };

    double sum = 0.0;
    for (int i = 0; i < 4; i++) {
        for (int j = 0; j < 4; j++)
            sum += k[i] * k[j] * spread(x, height, width, v + i - 2, u + j - 2);
    }
    return sum;
}

static void reference(const SfmCall *call, float *const out[], const float *const in[])
{
    const uint32_t *x = call->in[0].dim;
    const uint32_t *y = call->out[0].dim;
    const size_t planes = (size_t)x[0] * x[1];
    float *to = out[0];

    for (size_t plane = 0; plane < planes; plane++) {
        const float *from = in[0] + plane * x[2] * x[3];
        for (uint32_t v = 0; v < y[2]; v++) {
            for (uint32_t u = 0; u < y[3]; u++)
                *to++ = (float)filtered(from, x[2], x[3], v, u);
        }
    }
}

static void launch(const SfmCall *call, SfmLaunch *l)
{
    const struct FirUpParams p = {
        .count = (uint32_t)sfm_shape_count(call->out[0]),
        .width = call->in[0].dim[3],
        .height = call->in[0].dim[2],
    };

    sfm_launch_count(l, p.count, ELEMENT_GROUP_SIZE);
    sfm_launch_push(l, &p, sizeof(p));
}

static double flop(const SfmCall *call)
{
    return 2.0 * 4 * (double)sfm_shape_count(call->out[0]); // four of the sixteen meet a pixel
}

static void sample(GRand *rand, SfmCall *call, void *attrs)
{
    call->num_inputs = 1;
    call->in[0] = SFM_SHAPE(g_rand_int_range(rand, 1, 4), g_rand_int_range(rand, 1, 6),
                            g_rand_int_range(rand, 1, 14), g_rand_int_range(rand, 1, 14));
}

const SfmOp sfm_op_fir_up = {
    .name = "fir_up",
    .min_inputs = 1,
    .max_inputs = 1,
    .num_outputs = 1,
    .infer = infer,
    .reference = reference,
    .launch = launch,
    .flop = flop,
    .sample = sample,
};
