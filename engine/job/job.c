// SPDX-License-Identifier: GPL-3.0-or-later
//
// A job from request to pictures. What must stay true: image i depends on the recipe and
// on i alone, not on how many others there are or which run beside it; and
// nothing is handed out before all of it is done.
//
// x lives in sigma space, at the size that the network wants; the picture is
// its top left part.

#include "job/job.h"

#include <math.h>
#include <string.h>

#include "job/picture.h"
#include "job/work.h"

static const SfmWork *const works[SFM_NUM_JOBS] = {
    [SFM_JOB_GENERATE] = &sfm_work_generate, [SFM_JOB_VARY] = &sfm_work_vary,
    [SFM_JOB_DENOISE] = &sfm_work_denoise,   [SFM_JOB_INTERPOLATE] = &sfm_work_interpolate,
    [SFM_JOB_INPAINT] = &sfm_work_inpaint,
};

const SfmWork *sfm_work_of(SfmJob job)
{
    return works[job];
}

// One plane of x -> one channel of the picture. The data of score networks
// already lies in 0 .. 1.
static bool take_plane(const SfmRun *run, const float *plane, uint32_t channel, SfmImage *image,
                       GError **error)
{
    const bool unit = sfm_data_is_unit(run->model);

    for (int y = 0; y < image->height; y++) {
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

static bool take_image(const SfmRun *run, const float *x, uint32_t index, SfmImage *image,
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
    if (r->knobs.info->inputs[0] && !sfm_picture_dress(&r->inputs[0], &made, error))
        return false;
    if (run->work->finish)
        run->work->finish(run, index, &made);
    made.recipe = sfm_recipe(r, run->model, run->engine->device, index, run->notes);
    *image = made;
    made = (SfmImage){ 0 };
    return true;
}

// Those of the batch at hand that were asked for: the last may be cut short.
static bool take_images(const SfmRun *run, SfmImage *images, GError **error)
{
    const size_t each = sfm_shape_count(run->shape) / run->shape.dim[0];
    g_autofree float *x = g_try_new(float, sfm_shape_count(run->shape));

    if (!x)
        return sfm_fail(error, SFM_ERROR_NO_MEMORY, "no memory for %u pictures", run->shape.dim[0]);
    if (!sfm_buffer_read(run->engine->runner, run->x, x, error))
        return false;
    for (uint32_t n = 0; n < run->shape.dim[0]; n++) {
        const uint32_t index = run->first_image + n;
        if (index < run->request->num_images &&
            !take_image(run, x + n * each, index, &images[index], error))
            return false;
    }
    return true;
}

static bool sample(SfmRun *run, GError **error)
{
    return run->work->sample ? run->work->sample(run, error)
                             : sfm_run_sample_part(run, 0, run->levels.num - 1, error);
}

static bool make_batch(SfmRun *run, SfmImage *images, GError **error)
{
    g_ptr_array_set_size(run->notes, 0);
    run->round = 0;
    run->steps_before = 0;
    sfm_meter_start(&run->meter, (int)run->request->size.batch);
    return run->work->start(run, error) && sample(run, error) && take_images(run, images, error);
}

static bool make_all(SfmRun *run, SfmImage *images, GError **error)
{
    const uint32_t num = run->request->num_images;

    for (run->first_image = 0; run->first_image < num;
         run->first_image += run->request->size.batch) {
        if (!make_batch(run, images, error)) {
            for (uint32_t i = 0; i < num; i++)
                sfm_image_clear(&images[i]);
            return false;
        }
    }
    return true;
}

static SfmNoiseSource *new_noise(SfmRunner *runner, const SfmRequest *request)
{
    return request->noise == SFM_NOISE_TORCH ? sfm_noise_torch_new(runner, request->seed)
                                             : sfm_noise_philox_new(runner, request->seed);
}

bool sfm_job_run(SfmEngine *engine, const SfmJobParams *params, SfmNoiseSource *noise,
                 SfmImage *images, GError **error)
{
    g_auto(SfmRequest) request = { 0 };
    SfmNetwork *network = sfm_engine_network(engine, params->model, error);

    if (!network || !sfm_request_init(&request, engine->library, network, params, error))
        return false;
    g_autoptr(SfmNoiseSource) own = new_noise(engine->runner, &request);
    g_auto(SfmRun) run = {
        .work = sfm_work_of(request.job),
        .engine = engine,
        .network = network,
        .model = sfm_network_model(network),
        .noise = noise ? noise : own,
        .request = &request,
        .shape = SFM_SHAPE(request.size.batch, request.channels, request.size.height,
                           request.size.width),
        .notes = g_ptr_array_new_with_free_func(sfm_note_free),
    };
    g_autofree SfmImage *made = g_new0(SfmImage, request.num_images);

    if (!sfm_run_prepare(&run, params, error) || !make_all(&run, made, error))
        return false;
    memcpy(images, made, request.num_images * sizeof *made);
    return true;
}

bool sfm_engine_run(SfmEngine *engine, const SfmJobParams *params, SfmImage *images, GError **error)
{
    g_return_val_if_fail(engine && params && images, false);

    GError *why = NULL;
    return sfm_job_run(engine, params, NULL, images, &why) || sfm_engine_fail(engine, why, error);
}

void sfm_image_clear(SfmImage *image)
{
    g_free(image->pixels);
    g_free(image->recipe);
    *image = (SfmImage){ 0 };
}
