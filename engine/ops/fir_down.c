// SPDX-License-Identifier: GPL-3.0-or-later
//
// Halving with a binomial low-pass filter, as StyleGAN2's upfirdn and NCSN++
// (Song et al., arXiv:2011.13456, appendix H) do it.
//
//     x [N, C, H, W], H and W even  ->  y [N, C, H / 2, W / 2]
//     y(v, u) = sum over i, j in 0 .. 3 of k_i k_j x(2 v + i - 1, 2 u + j - 1)
//     k = (1, 3, 3, 1) / 8; x is 0 outside, or goes round where it wraps

#include "ops/fir_down.h"

#include "ops/resample.h"
#include "params/fir_down.h"

// The filtered value at row v, column u of the smaller plane.
static double filtered(const float *x, const SfmResampleMap *m, int64_t v, int64_t u)
{
    static const double k[4] = { 1 / 8.0, 3 / 8.0, 3 / 8.0, 1 / 8.0 };

    double sum = 0.0;
    for (int i = 0; i < 4; i++) {
        for (int j = 0; j < 4; j++) {
            const int64_t row = sfm_wrap_place(m->wrap.y, 2 * v + i - 1, m->height);
            const int64_t column = sfm_wrap_place(m->wrap.x, 2 * u + j - 1, m->width);
            if (row >= 0 && row < m->height && column >= 0 && column < m->width)
                sum += k[i] * k[j] * x[row * m->width + column];
        }
    }
    return sum;
}

static void reference(const SfmCall *call, float *const out[], const float *const in[])
{
    sfm_resample_planes(call, out[0], in[0], filtered);
}

static void launch(const SfmCall *call, SfmLaunch *l)
{
    const SfmWrap *wrap = call->attrs;
    const struct FirDownParams p = {
        .count = (uint32_t)sfm_shape_count(call->out[0]),
        .width = call->out[0].dim[3],
        .height = call->out[0].dim[2],
        .wrap_height = wrap->y ? call->in[0].dim[2] : 0,
        .wrap_width = wrap->x ? call->in[0].dim[3] : 0,
    };

    sfm_launch_count(l, p.count, ELEMENT_GROUP_SIZE);
    sfm_launch_push(l, &p, sizeof(p));
}

static double flop(const SfmCall *call)
{
    return 2.0 * 16 * (double)sfm_shape_count(call->out[0]);
}

const SfmOp sfm_op_fir_down = {
    .name = "fir_down",
    .min_inputs = 1,
    .max_inputs = 1,
    .num_outputs = 1,
    .attrs_size = sizeof(SfmWrap),
    .infer = sfm_resample_infer_half,
    .reference = reference,
    .launch = launch,
    .flop = flop,
    .sample = sfm_resample_sample_half,
};
