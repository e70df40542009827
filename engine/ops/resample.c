// SPDX-License-Identifier: GPL-3.0-or-later
#include "ops/resample.h"

#include "ops/draw.h"

bool sfm_resample_infer_half(SfmCall *call, GError **error)
{
    const uint32_t *x = call->in[0].dim;

    if (x[2] % 2 != 0 || x[3] % 2 != 0)
        return sfm_fail(error, SFM_ERROR_BAD_SHAPE, "%s: %u x %u pixels are not even",
                        call->op->name, x[3], x[2]);

    call->out[0] = SFM_SHAPE(x[0], x[1], x[2] / 2, x[3] / 2);
    return true;
}

bool sfm_resample_infer_double(SfmCall *call, GError **error)
{
    const uint32_t *x = call->in[0].dim;

    if (x[2] > UINT32_MAX / 2 || x[3] > UINT32_MAX / 2)
        return sfm_fail(error, SFM_ERROR_BAD_SHAPE, "%s: %u x %u pixels are too many",
                        call->op->name, x[3], x[2]);

    call->out[0] = SFM_SHAPE(x[0], x[1], 2 * x[2], 2 * x[3]);
    return true;
}

void sfm_resample_planes(const SfmCall *call, float *y, const float *x, SfmResamplePixel pixel)
{
    const uint32_t *from = call->in[0].dim, *to = call->out[0].dim;
    const size_t planes = (size_t)from[0] * from[1];
    SfmResampleMap map = { .height = from[2], .width = from[3] };
    if (call->op->attrs_size > 0)
        map.wrap = *(const SfmWrap *)call->attrs;

    for (size_t plane = 0; plane < planes; plane++) {
        for (uint32_t v = 0; v < to[2]; v++) {
            for (uint32_t u = 0; u < to[3]; u++)
                *y++ = (float)pixel(x, &map, v, u);
        }
        x += (size_t)from[2] * from[3];
    }
}

void sfm_resample_sample_half(GRand *rand, SfmCall *call, void *attrs)
{
    sfm_resample_sample_double(rand, call, attrs);
    call->in[0].dim[2] *= 2;
    call->in[0].dim[3] *= 2;
}

void sfm_resample_sample_double(GRand *rand, SfmCall *call, void *attrs)
{
    call->num_inputs = 1;
    call->in[0] = sfm_draw_shape(rand, SFM_SHAPE(3, 5, 13, 13));
    if (call->op->attrs_size > 0)
        *(SfmWrap *)attrs = sfm_draw_wrap(rand);
}
