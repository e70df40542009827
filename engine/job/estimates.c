// SPDX-License-Identifier: GPL-3.0-or-later
//
// What must stay true: looking changes nothing. Estimates are read, and where
// frames are asked for copied, but x, noise and steps never depend on that.

#include "job/estimates.h"

#include "job/formula.h"
#include "job/image.h"

#define USUAL_INTERVAL 0.5   // seconds
#define MAX_INTERVAL   86400 // likewise

bool sfm_estimates_init(SfmRun *run, const SfmJobParams *params, SfmImage *images, GError **error)
{
    const uint32_t num_frames = run->request->num_frames;
    const double asked = params->preview_interval;
    const double seconds = asked > 0.0 ? MIN(asked, MAX_INTERVAL) : USUAL_INTERVAL;
    SfmEstimates *e = &run->estimates;

    *e = (SfmEstimates){
        .preview = params->preview,
        .user_data = params->user_data,
        .interval = (gint64)(seconds * G_USEC_PER_SEC),
        .images = images,
        .num_frames = num_frames,
    };
    if (num_frames > run->levels.num - 1)
        return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT,
                        "frames: %u were asked for of a run of %zu steps; ask for fewer, or take "
                        "more steps",
                        num_frames, run->levels.num - 1);
    if (num_frames > 0)
        e->latest = sfm_buffer_new(run->engine->runner, run->shape, error);
    return num_frames == 0 || e->latest;
}

void sfm_estimates_clear(SfmRun *run)
{
    sfm_buffer_free(run->engine->runner, run->estimates.latest);
}

void sfm_estimates_begin(SfmRun *run)
{
    run->estimates.num_taken = 0;
    run->estimates.has_latest = false;
}

// ---- previews ---------------------------------------------------------------

// Of the first image at hand. One that is not finite is nothing to look at, and
// whether the run fails by it is not for a preview to say.
static bool show(SfmRun *run, SfmBuffer *x0, GError **error)
{
    const SfmEstimates *e = &run->estimates;
    const size_t count = sfm_shape_count(run->shape) / run->shape.dim[0];
    g_autofree float *x = g_try_new(float, count);
    g_auto(SfmImage) image = { 0 };

    if (!x)
        return true;
    if (!sfm_buffer_read_first(run->engine->runner, x0, count, x, error))
        return false;
    if (sfm_image_take(run, x, run->first_image, &image, NULL))
        e->preview(&image, e->user_data);
    return true;
}

static bool show_now_and_then(SfmRun *run, SfmBuffer *x0, GError **error)
{
    SfmEstimates *e = &run->estimates;
    const gint64 now = g_get_monotonic_time();

    if (!e->preview || (e->shown != 0 && now - e->shown < e->interval))
        return true;
    e->shown = now;
    return show(run, x0, error);
}

bool sfm_estimates_see(SfmRun *run, SfmBuffer *x0, GError **error)
{
    SfmEstimates *e = &run->estimates;

    e->has_latest = true;
    return (!e->latest || sfm_formula_scale(run->engine->runner, e->latest, 1.0, x0, error)) &&
           show_now_and_then(run, x0, error);
}

// ---- frames -----------------------------------------------------------------

// From the first step to the last; one alone is of the middle.
static size_t step_of_frame(const SfmRun *run, uint32_t frame)
{
    const size_t last = run->levels.num - 2, num = run->estimates.num_frames;

    return num == 1 ? last / 2 : (2 * frame * last + num - 1) / (2 * (num - 1));
}

// As the next frame of each image at hand.
static bool take_frame(SfmRun *run, const float *x, GError **error)
{
    SfmEstimates *e = &run->estimates;
    const SfmSpan wanted = run->request->wanted;
    const size_t each = sfm_shape_count(run->shape) / run->shape.dim[0];

    for (uint32_t n = 0; n < run->shape.dim[0]; n++) {
        const uint32_t index = run->first_image + n;
        if (index < wanted.first || index >= wanted.end)
            continue;
        SfmImage *frame =
            &e->images[(size_t)(index - wanted.first) * (1 + e->num_frames) + e->num_taken];
        if (!sfm_image_take(run, x + n * each, index, frame, error))
            return false;
    }
    e->num_taken++;
    return true;
}

// All that are due when step i has ended: a sampler may pass over some.
static bool take_frames(SfmRun *run, size_t i, SfmBuffer *x0, GError **error)
{
    const SfmEstimates *e = &run->estimates;
    g_autofree float *x = g_try_new(float, sfm_shape_count(run->shape));

    if (!x)
        return sfm_fail(error, SFM_ERROR_NO_MEMORY, "no memory for %u pictures", run->shape.dim[0]);
    if (!sfm_buffer_read(run->engine->runner, x0, x, error))
        return false;
    while (e->num_taken < e->num_frames && step_of_frame(run, e->num_taken) <= i) {
        if (!take_frame(run, x, error))
            return false;
    }
    return true;
}

static bool fail_without_estimate(const SfmRun *run, GError **error)
{
    return sfm_fail(error, SFM_ERROR_UNSUPPORTED,
                    "frames: sampler %s asks for no estimate of the clean picture, of which they "
                    "would be; choose another, or no frames",
                    sfm_script_info(run->request->sampler)->name);
}

bool sfm_estimates_step(SfmRun *run, size_t i, SfmBuffer *x0, GError **error)
{
    const SfmEstimates *e = &run->estimates;

    if (e->num_taken == e->num_frames || step_of_frame(run, e->num_taken) > i)
        return true;
    if (!x0 && !e->has_latest)
        return fail_without_estimate(run, error);
    return take_frames(run, i, x0 ? x0 : e->latest, error);
}

bool sfm_estimates_end(SfmRun *run, GError **error)
{
    return sfm_estimates_step(run, run->levels.num - 2, NULL, error);
}
