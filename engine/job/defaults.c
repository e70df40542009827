// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/defaults.h"

#include <string.h>

#include "job/published.h"

// Runs that are usable where nobody says how many steps.
enum { USABLE_STEPS = 50, USABLE_DDPM_STEPS = 250 };

// What published pipelines take: the default of their call.
static const int pipeline_steps[] = {
    [SFM_PIPELINE_DDPM] = 1000,    [SFM_PIPELINE_DDIM] = 50,
    [SFM_PIPELINE_PNDM] = 50,      [SFM_PIPELINE_SCORE_SDE_VE] = 2000,
    [SFM_PIPELINE_KARRAS_VE] = 50, [SFM_PIPELINE_CONSISTENCY] = 1,
    [SFM_PIPELINE_REPAINT] = 250,
};

// Which scripts a published scheduler means does not depend on the number of
// steps, as their settings do: below, any number will do.

const char *sfm_default_schedule(const SfmModel *model)
{
    g_auto(SfmPublished) published = { 0 };

    if (model->card.schedule)
        return model->card.schedule;
    return sfm_published_choose(&model->scheduler, 1, &published, NULL) ? published.schedule
                                                                        : "trained";
}

static const char *published_sampler(const SfmModel *model)
{
    g_auto(SfmPublished) published = { 0 };

    return sfm_published_choose(&model->scheduler, 1, &published, NULL) ? published.sampler : NULL;
}

const char *sfm_default_sampler(const SfmModel *model)
{
    if (model->card.sampler)
        return model->card.sampler;
    const char *sampler = published_sampler(model);
    return sampler ? sampler : "ddim";
}

// A folder without model_index.json has the pipeline that is named after its
// scheduler.
static SfmPipeline pipeline_of(const SfmModel *model)
{
    const char *name = model->scheduler.class_name;

    if (model->pipeline != SFM_PIPELINE_NONE)
        return model->pipeline;
    if (g_str_has_prefix(name, "DDPM"))
        return SFM_PIPELINE_DDPM;
    if (g_str_has_prefix(name, "ScoreSdeVe"))
        return SFM_PIPELINE_SCORE_SDE_VE;
    return g_str_has_prefix(name, "CMStochastic") ? SFM_PIPELINE_CONSISTENCY : SFM_PIPELINE_DDIM;
}

int sfm_default_steps(const SfmModel *model, const char *sampler)
{
    if (model->card.steps > 0)
        return (int)model->card.steps;
    int steps = strcmp(sampler, "ddpm") == 0 ? USABLE_DDPM_STEPS : USABLE_STEPS;
    if (g_strcmp0(published_sampler(model), sampler) == 0)
        steps = pipeline_steps[pipeline_of(model)];
    return MIN(steps, (int)model->scheduler.num_train_timesteps);
}

double sfm_default_guidance(const SfmModel *model)
{
    return model->card.guidance > 0.0 && model->card.null_class >= 0 ? model->card.guidance : 1.0;
}

void sfm_default_size(const SfmModel *model, uint32_t *width, uint32_t *height)
{
    const bool card = model->card.width > 0 && model->card.height > 0;

    *width = card ? model->card.width : model->unet.sample_width * model->card.patch;
    *height = card ? model->card.height : model->unet.sample_height * model->card.patch;
}

uint32_t sfm_image_channels(const SfmModel *model)
{
    return model->unet.in_channels / (model->card.patch * model->card.patch);
}

bool sfm_starts_with_sigma(const SfmModel *model)
{
    return sfm_published_starts_with_sigma(&model->scheduler);
}
