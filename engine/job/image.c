// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/image.h"

#include <math.h>

#include "job/hidden.h"
#include "job/picture.h"
#include "job/work.h"

// One plane of x -> one channel of the picture. The data of score networks
// already lies in 0 .. 1.
static bool take_plane(const SfmRun *run, const float *plane, uint32_t channel, SfmImage *image,
                       GError **error)
{
    const bool unit = sfm_data_is_unit(run->model);

    for (int y = 0; y < image->height; y++) {
        if (!sfm_run_goes_on(run, error))
            return false;
        for (int x = 0; x < image->width; x++) {
            const float v = plane[(size_t)y * run->shape.dim[3] + (size_t)x];
            if (!isfinite(v))
                return sfm_fail(error, SFM_ERROR_BAD_NUMBER,
                                "%s: pixel (%d, %d) of the picture came out as %g",
                                run->model->name, x, y, (double)v);
            const size_t at = (size_t)y * (size_t)image->width + (size_t)x;
            image->pixels[at * (size_t)image->channels + channel] =
                CLAMP(unit ? v : v / 2.0F + 0.5F, 0.0F, 1.0F);
        }
    }
    return true;
}

bool sfm_image_take(const SfmRun *run, const float *x, uint32_t index, SfmImage *image,
                    GError **error)
{
    const SfmRequest *r = run->request;
    const size_t plane = (size_t)run->shape.dim[2] * run->shape.dim[3];
    g_auto(SfmImage) made = {
        .width = (int)r->pixels.width,
        .height = (int)r->pixels.height,
        .channels = (int)r->channels,
        .pixels = g_try_new(float, (size_t)r->pixels.width * r->pixels.height * r->channels),
    };
    if (!made.pixels)
        return sfm_fail(error, SFM_ERROR_NO_MEMORY, "no memory for a picture of %ux%u",
                        r->pixels.width, r->pixels.height);
    for (uint32_t c = 0; c < r->channels; c++) {
        if (!take_plane(run, x + c * plane, c, &made, error))
            return false;
    }
    SfmCancel *cancel = &run->engine->cancel;
    const bool has_input = r->knobs.info->inputs[0] != NULL;
    if (has_input && !sfm_picture_dress(&r->inputs[0], &made, cancel, error))
        return false;
    if (run->work->finish && !run->work->finish(run, index, &made, error))
        return false;
    if (has_input && !sfm_hidden_keep(&r->inputs[0], &made, cancel, error))
        return false;
    *image = made;
    made = (SfmImage){ 0 };
    return true;
}

void sfm_image_clear(SfmImage *image)
{
    g_free(image->pixels);
    g_free(image->recipe);
    *image = (SfmImage){ 0 };
}
