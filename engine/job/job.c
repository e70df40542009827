// SPDX-License-Identifier: GPL-3.0-or-later
//
// A job from request to pictures. What must stay true: image i depends on the recipe and
// on i alone, not on how many others there are or which run beside it; and
// nothing is handed out before all of it is done.
//
// x lives in sigma space, at the size that the network wants; the picture is
// its top left part.

#include "job/job.h"

#include <string.h>

#include "job/estimates.h"
#include "job/image.h"
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

// Where the frames of an image, and behind them itself, are stored.
static SfmImage *place_of(const SfmRun *run, SfmImage *images, uint32_t index)
{
    const SfmRequest *r = run->request;
    return images + (size_t)(index - r->wanted.first) * (1 + r->num_frames);
}

// The notes are whole only now.
static void add_recipes(const SfmRun *run, uint32_t index, SfmImage *images)
{
    const SfmRequest *r = run->request;

    for (uint32_t frame = 1; frame <= 1 + r->num_frames; frame++)
        images[frame - 1].recipe = sfm_recipe(r, run->model, run->engine, run->kernels, index,
                                              frame <= r->num_frames ? frame : 0, run->notes);
}

// Those of the batch at hand that were asked for: the last may be cut short.
static bool take_images(const SfmRun *run, SfmImage *images, GError **error)
{
    const size_t each = sfm_shape_count(run->shape) / run->shape.dim[0];
    const SfmSpan wanted = run->request->wanted;
    g_autofree float *x = g_try_new(float, sfm_shape_count(run->shape));

    if (!x)
        return sfm_fail(error, SFM_ERROR_NO_MEMORY, "no memory for %u pictures", run->shape.dim[0]);
    if (!sfm_buffer_read(run->engine->runner, run->x, x, error))
        return false;
    for (uint32_t n = 0; n < run->shape.dim[0]; n++) {
        const uint32_t index = run->first_image + n;
        if (index < wanted.first || index >= wanted.end)
            continue;
        SfmImage *place = place_of(run, images, index);
        if (!sfm_image_take(run, x + n * each, index, place + run->request->num_frames, error))
            return false;
        add_recipes(run, index, place);
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
    sfm_estimates_begin(run);
    return run->work->start(run, error) && sample(run, error) && sfm_estimates_end(run, error) &&
           take_images(run, images, error);
}

static bool make_all(SfmRun *run, SfmImage *images, GError **error)
{
    const SfmRequest *r = run->request;

    for (run->first_image = r->made.first; run->first_image < r->made.end;
         run->first_image += r->size.batch) {
        if (!make_batch(run, images, error))
            return false;
    }
    return true;
}

int sfm_job_num_pictures(const SfmJobParams *params)
{
    const int num_images = params->only > 0 ? 1 : CLAMP(params->num_images, 1, SFM_MAX_IMAGES);
    const int num_frames =
        sfm_knobs_peek(sfm_job_info(params->job), SFM_KNOB_FRAMES, params->settings);

    return num_images * (1 + num_frames);
}

static SfmNoiseSource *new_noise(SfmRunner *runner, const SfmRequest *request, SfmCancel *cancel)
{
    return request->noise == SFM_NOISE_TORCH ? sfm_noise_torch_new(runner, request->seed, cancel)
                                             : sfm_noise_philox_new(runner, request->seed, cancel);
}

static bool make_pictures(SfmRun *run, const SfmJobParams *params, SfmImage *images, GError **error)
{
    const SfmSpan wanted = run->request->wanted;
    const size_t num = (size_t)(wanted.end - wanted.first) * (1 + run->request->num_frames);
    g_autofree SfmImage *made = g_try_new0(SfmImage, num);

    g_assert(num == (size_t)sfm_job_num_pictures(params));
    if (!made)
        return sfm_fail(error, SFM_ERROR_NO_MEMORY, "count: no memory for %zu pictures", num);
    if (sfm_run_prepare(run, params, made, error) && make_all(run, made, error)) {
        memcpy(images, made, num * sizeof *made);
        return true;
    }
    for (size_t i = 0; i < num; i++)
        sfm_image_clear(&made[i]);
    return false;
}

// Where tensors are stored as halves, a number that is none may be but one too large.
static bool fail_request(const SfmEngine *engine, GError *why, GError **error)
{
    const SfmTarget *target = engine->runner->target;

    if (target->halves && g_error_matches(why, SFM_ERROR, SFM_ERROR_BAD_NUMBER))
        sfm_fail(
            error, SFM_ERROR_BAD_NUMBER,
            "%s; the kernels \"%s\" store halves, of at most 65504, which may be too small for "
            "this model: set SFUMATO_KERNELS=gpu-fp32 in the environment",
            why->message, target->name);
    else
        g_propagate_error(error, g_steal_pointer(&why));
    g_clear_error(&why);
    return false;
}

static bool run_request(SfmEngine *engine, SfmNetwork *network, const SfmRequest *request,
                        const SfmJobParams *params, SfmNoiseSource *noise, SfmImage *images,
                        GError **error)
{
    g_autoptr(SfmNoiseSource) own = new_noise(engine->runner, request, &engine->cancel);
    g_auto(SfmRun) run = {
        .work = sfm_work_of(request->job),
        .engine = engine,
        .network = network,
        .model = sfm_network_model(network),
        .noise = noise ? noise : own,
        .request = request,
        .shape = SFM_SHAPE(request->size.batch, request->channels, request->size.height,
                           request->size.width),
        .notes = g_ptr_array_new_with_free_func(sfm_note_free),
    };
    return make_pictures(&run, params, images, error);
}

bool sfm_job_run(SfmEngine *engine, const SfmJobParams *params, SfmNoiseSource *noise,
                 SfmImage *images, GError **error)
{
    g_auto(SfmRequest) request = { 0 };
    SfmNetwork *network = sfm_engine_job_network(engine, params, error);

    if (!network || !sfm_request_init(&request, engine->library, network, params, error) ||
        !sfm_request_take_pixels(&request, &engine->cancel, error))
        return false;
    sfm_runner_limit_memory(engine->runner, request.memory_limit);
    GError *why = NULL;
    const bool done = run_request(engine, network, &request, params, noise, images, &why);
    sfm_runner_limit_memory(engine->runner, 0);
    return done || fail_request(engine, why, error);
}

bool sfm_engine_run(SfmEngine *engine, const SfmJobParams *params, SfmImage *images, GError **error)
{
    g_return_val_if_fail(engine && params && images, false);

    GError *why = NULL;
    return sfm_job_run(engine, params, NULL, images, &why) || sfm_engine_fail(engine, why, error);
}
