// SPDX-License-Identifier: GPL-3.0-or-later
//
// Halving with a binomial low-pass filter, as StyleGAN2's upfirdn and NCSN++
// (Song et al., arXiv:2011.13456, appendix H) do it.
//
//     x [N, C, H, W], H and W even  ->  y [N, C, H / 2, W / 2]
//     y(v, u) = sum over i, j in 0 .. 3 of k_i k_j x(2 v + i - 1, 2 u + j - 1)
//     k = (1, 3, 3, 1) / 8; x is 0 outside

#include "ops/fir_down.h"

#include "graph/op.h"
#include "params/fir_down.h"

static bool infer(SfmCall *call, GError **error)
{
    const uint32_t *x = call->in[0].dim;

    if (x[2] % 2 != 0 || x[3] % 2 != 0)
        return sfm_fail(error, SFM_ERROR_BAD_SHAPE, "fir_down: %u x %u pixels are not even", x[3],
                        x[2]);

    call->out[0] = SFM_SHAPE(x[0], x[1], x[2] / 2, x[3] / 2);
    return true;
}

// The filtered value at row v, column u of the smaller plane.
static double filtered(const float *x, int64_t height, int64_t width, int64_t v, int64_t u)
{
    static const double k[4] = { 1 / 8.0, 3 / 8.0, 3 / 8.0, 1 / 8.0 };

    double sum = 0.0;
    for (int i = 0; i < 4; i++) {
        for (int j = 0; j < 4; j++) {
            const int64_t row = 2 * v + i - 1, column = 2 * u + j - 1;
            if (row >= 0 && row < height && column >= 0 && column < width)
                sum += k[i] * k[j] * x[row * width + column];
        }
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
    const struct FirDownParams p = {
        .count = (uint32_t)sfm_shape_count(call->out[0]),
        .width = call->out[0].dim[3],
        .height = call->out[0].dim[2],
    };

    sfm_launch_count(l, p.count, ELEMENT_GROUP_SIZE);
    sfm_launch_push(l, &p, sizeof(p));
}

static double flop(const SfmCall *call)
{
    return 2.0 * 16 * (double)sfm_shape_count(call->out[0]);
}

static void sample(GRand *rand, SfmCall *call, void *attrs)
{
    call->num_inputs = 1;
    call->in[0] = SFM_SHAPE(g_rand_int_range(rand, 1, 4), g_rand_int_range(rand, 1, 6),
                            2 * g_rand_int_range(rand, 1, 14), 2 * g_rand_int_range(rand, 1, 14));
}

const SfmOp sfm_op_fir_down = {
    .name = "fir_down",
    .min_inputs = 1,
    .max_inputs = 1,
    .num_outputs = 1,
    .infer = infer,
    .reference = reference,
    .launch = launch,
    .flop = flop,
    .sample = sample,
};
