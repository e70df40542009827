// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/defaults.h"

#include <string.h>

#include "job/published.h"

// Runs that are usable with each sampler, where nobody says how many steps.
enum { DDIM_STEPS = 50, DDPM_STEPS = 250 };

const char *sfm_default_schedule(const SfmModel *model)
{
    return model->card.schedule ? model->card.schedule : "trained";
}

static bool published_ddpm(const SfmModel *model)
{
    return strcmp(model->scheduler.class_name, "DDPMScheduler") == 0;
}

const char *sfm_default_sampler(const SfmModel *model)
{
    if (model->card.sampler)
        return model->card.sampler;
    return published_ddpm(model) ? "ddpm" : "ddim";
}

int sfm_default_steps(const SfmModel *model, const char *sampler)
{
    if (model->card.steps > 0)
        return (int)model->card.steps;
    const int steps = strcmp(sampler, "ddpm") == 0 ? DDPM_STEPS : DDIM_STEPS;
    return MIN(steps, (int)model->scheduler.num_train_timesteps);
}

double sfm_default_guidance(const SfmModel *model)
{
    return model->card.guidance > 0.0 && model->card.null_class >= 0 ? model->card.guidance : 1.0;
}

const char *sfm_default_variance(const SfmModel *model)
{
    static const char *const names[] = {
        [SFM_VARIANCE_FIXED_SMALL] = "small",     [SFM_VARIANCE_FIXED_SMALL_LOG] = "small",
        [SFM_VARIANCE_FIXED_LARGE] = "large",     [SFM_VARIANCE_LEARNED] = "learned",
        [SFM_VARIANCE_LEARNED_RANGE] = "learned",
    };
    return published_ddpm(model) ? names[model->scheduler.variance] : NULL;
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
