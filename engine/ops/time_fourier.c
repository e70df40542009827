// SPDX-License-Identifier: GPL-3.0-or-later
//
// The random Fourier features of a noise level (Tancik et al.,
// arXiv:2006.10739; Song et al., arXiv:2011.13456), as published score networks
// compute them.
//
//     t [N, 1, 1, 1] > 0, w [1, D, 1, 1]  ->  y [N, 2 D, 1, 1]
//     y = [sin(a), cos(a)],  a = 2 pi ln(t) w
//
// The networks' w reach 50 and more, so that a may be thousands of radians and
// its last bit in fp32 worth 1e-4. So the formula includes the rounding: ln(t),
// its product with w, and twice that times pi are floats, each the nearest.

#include "ops/time_fourier.h"

#include <math.h>

#include "graph/op.h"
#include "ops/expect.h"
#include "params/time_fourier.h"

static const float pi = 3.14159265358979323846f;

static bool infer(SfmCall *call, GError **error)
{
    const uint32_t num = call->in[0].dim[0], width = call->in[1].dim[1];

    if (!sfm_expect_shape(call, 0, "t", SFM_SHAPE(num, 1, 1, 1), error) ||
        !sfm_expect_shape(call, 1, "w", SFM_SHAPE(1, width, 1, 1), error))
        return false;
    if (width > UINT32_MAX / 2)
        return sfm_fail(error, SFM_ERROR_BAD_SHAPE, "time_fourier: %u frequencies are too many",
                        width);
    call->out[0] = SFM_SHAPE(num, 2 * width, 1, 1);
    return true;
}

static void reference(const SfmCall *call, float *const out[], const float *const in[])
{
    const size_t width = call->in[1].dim[1];

    for (size_t n = 0; n < call->in[0].dim[0]; n++) {
        const float ln_t = (float)log(in[0][n]);
        float *y = out[0] + n * 2 * width;
        for (size_t i = 0; i < width; i++) {
            const float angle = ln_t * in[1][i] * 2.0f * pi;
            y[i] = (float)sin(angle);
            y[width + i] = (float)cos(angle);
        }
    }
}

static void launch(const SfmCall *call, SfmLaunch *l)
{
    const struct TimeFourierParams p = {
        .count = call->in[0].dim[0] * call->in[1].dim[1],
        .width = call->in[1].dim[1],
    };

    sfm_launch_count(l, p.count, ELEMENT_GROUP_SIZE);
    sfm_launch_push(l, &p, sizeof(p));
}

static void sample(GRand *rand, SfmCall *call, void *attrs)
{
    call->num_inputs = 2;
    call->in[0] = SFM_SHAPE((uint32_t)g_rand_int_range(rand, 1, 20), 1, 1, 1);
    call->in[1] = SFM_SHAPE(1, (uint32_t)g_rand_int_range(rand, 1, 200), 1, 1);
}

// Noise levels from 0.01 to 1300 evenly in their logarithm, and frequencies as
// published networks have them: of spread 16.
static void fill(GRand *rand, const SfmCall *call, int i, float *data)
{
    const size_t count = sfm_shape_count(call->in[i]);

    for (size_t k = 0; k < count; k++)
        data[k] = (float)(i == 0 ? exp(g_rand_double_range(rand, log(0.01), log(1300.0)))
                                 : g_rand_double_range(rand, -50.0, 50.0));
}

const SfmOp sfm_op_time_fourier = {
    .name = "time_fourier",
    .min_inputs = 2,
    .max_inputs = 2,
    .num_outputs = 1,
    .infer = infer,
    .reference = reference,
    .launch = launch,
    .sample = sample,
    .fill = fill,
};
