// SPDX-License-Identifier: GPL-3.0-or-later
//
// The schedulers of diffusers that step in log sigma.

#include "job/published_row.h"

// As published, one more point than there are steps is placed, and the last is
// dropped; spreads run over the whole table, at whole timesteps.
static bool set_levels(const SfmSchedulerConfig *config, SfmPublished *published, GError **error)
{
    sfm_published_set_spacing(config, published);
    sfm_published_set(published, "schedule.points", "steps+1");
    sfm_published_set(published, "schedule.spread_over", "table");
    sfm_published_set(published, "schedule.final",
                      config->final_sigma == SFM_FINAL_ZERO ? "zero" : "sigma_min");
    return sfm_published_set_spread(config, published, error);
}

static bool fill_multistep(const SfmSchedulerConfig *config, int num_steps, SfmPublished *published,
                           GError **error)
{
    return set_levels(config, published, error);
}

const SfmPublishedRow sfm_published_dpm[] = {
    { "DPMSolverMultistepScheduler", "trained", "dpmpp-2m", SFM_START_VP, fill_multistep },
    { 0 },
};
