// SPDX-License-Identifier: GPL-3.0-or-later
//
// Doubling with a binomial low-pass filter, as StyleGAN2's upfirdn and NCSN++
// (Song et al., arXiv:2011.13456, appendix H) do it.
//
//     x [N, C, H, W]  ->  y [N, C, 2 H, 2 W]
//     y(v, u) = sum over i, j in 0 .. 3 of k_i k_j z(v + i - 2, u + j - 2)
//     k = (1, 3, 3, 1) / 4; z(2 v, 2 u) = x(v, u), and 0 at all other places

#include "ops/fir_up.h"

#include "ops/resample.h"
#include "params/fir_up.h"

// z: the plane x with zeros between its pixels, and around it where it does not wrap.
static double spread(const float *x, const SfmResampleMap *m, int64_t row, int64_t column)
{
    row = sfm_wrap_place(m->wrap.y, row, 2 * m->height);
    column = sfm_wrap_place(m->wrap.x, column, 2 * m->width);
    if (row < 0 || row >= 2 * m->height || row % 2 != 0)
        return 0.0;
    if (column < 0 || column >= 2 * m->width || column % 2 != 0)
        return 0.0;
    return x[row / 2 * m->width + column / 2];
}

// The filtered value at row v, column u of the larger plane.
static double filtered(const float *x, const SfmResampleMap *m, int64_t v, int64_t u)
{
    static const double k[4] = { 1 / 4.0, 3 / 4.0, 3 / 4.0, 1 / 4.0 };

    double sum = 0.0;
    for (int i = 0; i < 4; i++) {
        for (int j = 0; j < 4; j++)
            sum += k[i] * k[j] * spread(x, m, v + i - 2, u + j - 2);
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
    const struct FirUpParams p = {
        .count = (uint32_t)sfm_shape_count(call->out[0]),
        .width = call->in[0].dim[3],
        .height = call->in[0].dim[2],
        .wrap_height = wrap->y ? call->in[0].dim[2] : 0,
        .wrap_width = wrap->x ? call->in[0].dim[3] : 0,
    };

    sfm_launch_count(l, p.count, ELEMENT_GROUP_SIZE);
    sfm_launch_push(l, &p, sizeof(p));
}

static double flop(const SfmCall *call)
{
    return 2.0 * 4 * (double)sfm_shape_count(call->out[0]); // four of the sixteen meet a pixel
}

const SfmOp sfm_op_fir_up = {
    .name = "fir_up",
    .min_inputs = 1,
    .max_inputs = 1,
    .num_outputs = 1,
    .attrs_size = sizeof(SfmWrap),
    .infer = sfm_resample_infer_double,
    .reference = reference,
    .launch = launch,
    .flop = flop,
    .sample = sfm_resample_sample_double,
};
