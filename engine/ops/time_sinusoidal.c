// SPDX-License-Identifier: GPL-3.0-or-later
//
// The sinusoidal embedding of a timestep (Vaswani et al., arXiv:1706.03762; Ho
// et al., arXiv:2006.11239), as published networks compute it.
//
//     t [N, 1, 1, 1]  ->  y [N, dim, 1, 1]
//     f_i = exp(-ln(10000) i / (half - freq_shift)),  i = 0 .. half - 1, half = floor(dim / 2)
//     y = [sin(t f), cos(t f)], or the other way round where cos_first; an odd
//     dim has a zero at its end
//
// Networks were trained on what fp32 made of this, and at t = 999 the last bit
// of f is worth 6e-5 in the sine. So the formula includes the rounding: ln, its
// product with i, the quotient, f and t f are floats, each the nearest.

#include "ops/time_sinusoidal.h"

#include <math.h>

#include "graph/op.h"
#include "ops/expect.h"
#include "params/time_sinusoidal.h"

static const float minus_ln_10000 = -(float)TIME_SINUSOIDAL_LN_10000;

static struct TimeSinusoidalParams params(const SfmCall *call)
{
    const SfmTimeSinusoidal *a = call->attrs;
    const uint32_t half = a->dim / 2;

    return (struct TimeSinusoidalParams){
        .count = call->in[0].dim[0] * half,
        .half_dim = half,
        .dim = a->dim,
        .divisor = (float)((double)half - a->freq_shift),
        .sin_offset = a->cos_first ? half : 0,
        .cos_offset = a->cos_first ? 0 : half,
    };
}

static bool infer(SfmCall *call, GError **error)
{
    const SfmTimeSinusoidal *a = call->attrs;
    const uint32_t num = call->in[0].dim[0];

    if (!sfm_expect_shape(call, 0, "t", SFM_SHAPE(num, 1, 1, 1), error))
        return false;
    if (a->dim < 2 || !(params(call).divisor > 0.0f))
        return sfm_fail(error, SFM_ERROR_BAD_SHAPE,
                        "time_sinusoidal: %u values with freq_shift %g hold no frequencies", a->dim,
                        (double)a->freq_shift);
    call->out[0] = SFM_SHAPE(num, a->dim, 1, 1);
    return true;
}

// One image's values.
static void embed(const struct TimeSinusoidalParams *p, float *y, float t)
{
    for (uint32_t i = 0; i < p->half_dim; i++) {
        const float exponent = minus_ln_10000 * (float)i / p->divisor;
        const float frequency = (float)exp(exponent);
        const float angle = t * frequency;
        y[p->sin_offset + i] = (float)sin(angle);
        y[p->cos_offset + i] = (float)cos(angle);
    }
    if (p->dim % 2 != 0)
        y[p->dim - 1] = 0.0f;
}

static void reference(const SfmCall *call, float *const out[], const float *const in[])
{
    const struct TimeSinusoidalParams p = params(call);

    for (size_t n = 0; n < call->in[0].dim[0]; n++)
        embed(&p, out[0] + n * p.dim, in[0][n]);
}

static void launch(const SfmCall *call, SfmLaunch *l)
{
    const struct TimeSinusoidalParams p = params(call);

    sfm_launch_count(l, p.count, ELEMENT_GROUP_SIZE);
    sfm_launch_push(l, &p, sizeof(p));
}

static void sample(GRand *rand, SfmCall *call, void *attrs)
{
    SfmTimeSinusoidal *a = attrs;

    a->freq_shift = g_rand_boolean(rand) ? 1.0f : 0.0f;
    a->dim = (uint32_t)g_rand_int_range(rand, 4, 300);
    a->cos_first = g_rand_boolean(rand) ? 1 : 0;
    call->num_inputs = 1;
    call->in[0] = SFM_SHAPE((uint32_t)g_rand_int_range(rand, 1, 20), 1, 1, 1);
}

// Timesteps, between whole ones too, as some schedules have them.
static void fill(GRand *rand, const SfmCall *call, int i, float *data)
{
    for (size_t n = 0; n < call->in[i].dim[0]; n++) {
        const double t = g_rand_double_range(rand, 0.0, 1000.0);
        data[n] = (float)(g_rand_boolean(rand) ? floor(t) : t);
    }
}

const SfmOp sfm_op_time_sinusoidal = {
    .name = "time_sinusoidal",
    .min_inputs = 1,
    .max_inputs = 1,
    .num_outputs = 1,
    .attrs_size = sizeof(SfmTimeSinusoidal),
    .infer = infer,
    .reference = reference,
    .launch = launch,
    .sample = sample,
    .fill = fill,
};
