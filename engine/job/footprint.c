// SPDX-License-Identifier: GPL-3.0-or-later
//
// What must stay true: run.c, denoiser.c and the jobs make no buffer of x's shape
// that is not counted here. A test compares this with what a device is asked for.

#include "job/footprint.h"

#include "job/denoiser.h"
#include "job/work.h"

enum {
    SCRIPT_TENSORS = 10, // that a sampler keeps at once: x0, eps, and what it made of four steps
    SMALL = 4096,        // bytes of buffers that have a number an image
};

static uint32_t num_inputs(const SfmRequest *r)
{
    return g_strv_length((char **)r->knobs.info->inputs);
}

// The answer of a network that learned its variance has twice the channels of x.
static uint32_t answers(const SfmModel *model)
{
    return model->unet.out_channels / model->unet.in_channels;
}

static bool turns(const SfmRequest *r)
{
    return sfm_knobs_find(&r->knobs, "average") && sfm_knobs_number(&r->knobs, "average") > 1.0;
}

// Tensors of x's shape, as denoiser.c makes them: its input, the answer, and the
// answer's parts.
static uint32_t denoiser_tensors(const SfmRequest *r, const SfmModel *model)
{
    const uint32_t parts = answers(model) > 1 ? 2 : 0;
    const bool guided = sfm_denoiser_evals(r->label, r->guidance) == 2;

    return 1 + answers(model) + parts + guided;
}

static uint32_t job_tensors(const SfmRequest *r)
{
    const SfmWork *work = sfm_work_of(r->job);
    const uint32_t x = 1, latest = r->num_frames > 0;

    return x + num_inputs(r) + latest + turns(r) + work->needs_scratch +
           (work->keeps_noise ? num_inputs(r) : 0);
}

uint64_t sfm_footprint_of_image(const SfmRequest *r, const SfmModel *model)
{
    const uint64_t tensors = denoiser_tensors(r, model) + job_tensors(r) + SCRIPT_TENSORS;
    return tensors * r->size.width * r->size.height * r->channels * sizeof(float) + SMALL;
}

uint64_t sfm_footprint_of_tiles(const SfmRequest *r, const SfmModel *model)
{
    const uint64_t pixels = (uint64_t)r->tile.width * r->tile.height * r->tile.batch;
    return r->overlap > 0 ? (1 + answers(model)) * pixels * r->channels * sizeof(float) : 0;
}
