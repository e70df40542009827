// SPDX-License-Identifier: GPL-3.0-or-later
#include "ops/draw.h"

#include <math.h>

SfmShape sfm_draw_shape(GRand *rand, SfmShape most)
{
    SfmShape shape;
    for (int i = 0; i < 4; i++)
        shape.dim[i] = (uint32_t)g_rand_int_range(rand, 1, (gint32)most.dim[i] + 1);
    return shape;
}

SfmWrap sfm_draw_wrap(GRand *rand)
{
    const bool x = g_rand_boolean(rand), y = g_rand_boolean(rand);

    return (SfmWrap){ x, y };
}

void sfm_draw_uniform(GRand *rand, const SfmCall *call, int i, double low, double high, float *data)
{
    const size_t count = sfm_shape_count(call->in[i]);

    for (size_t k = 0; k < count; k++)
        data[k] = (float)g_rand_double_range(rand, low, high);
}

void sfm_draw_nan(GRand *rand, const SfmCall *call, int i, int times, float *data)
{
    const size_t count = sfm_shape_count(call->in[i]);

    if (g_rand_int_range(rand, 0, times) == 0)
        data[g_rand_int_range(rand, 0, (gint32)count)] = NAN;
}
