// SPDX-License-Identifier: GPL-3.0-or-later
//
// The schedulers of diffusers that step in sigma.

#include "job/published_row.h"

// As published, timesteps are not rounded, and levels between those of the
// table lie on a straight line.
static void set_levels(const SfmSchedulerConfig *config, SfmPublished *published)
{
    sfm_published_set_spacing(config, published);
    sfm_published_set_bool(published, "schedule.fractional", true);
    sfm_published_set(published, "schedule.spread_over", "run");
    sfm_published_set(published, "schedule.final",
                      config->final_sigma == SFM_FINAL_ZERO ? "zero" : "sigma_min");
}

static bool fill_euler(const SfmSchedulerConfig *config, int num_steps, SfmPublished *published,
                       GError **error)
{
    if (config->timestep_type == SFM_TIMESTEPS_CONTINUOUS && config->prediction == SFM_PREDICT_V)
        return sfm_published_refuse(config, "timestep_type continuous", error);
    set_levels(config, published);
    return sfm_published_set_spread(config, published, error);
}

static bool fill_other(const SfmSchedulerConfig *config, int num_steps, SfmPublished *published,
                       GError **error)
{
    set_levels(config, published);
    return sfm_published_set_spread(config, published, error);
}

const SfmPublishedRow sfm_published_euler[] = {
    { "EulerDiscreteScheduler", "trained", "euler", SFM_START_SIGMA_UNLESS_LEADING, fill_euler },
    { "EulerAncestralDiscreteScheduler", "trained", "euler-ancestral",
      SFM_START_SIGMA_UNLESS_LEADING, fill_other },
    { "HeunDiscreteScheduler", "trained", "heun", SFM_START_SIGMA_UNLESS_LEADING, fill_other },
    { "LMSDiscreteScheduler", "trained", "lms", SFM_START_SIGMA_UNLESS_LEADING, fill_other },
    { "KDPM2DiscreteScheduler", "trained", "kdpm2", SFM_START_SIGMA_UNLESS_LEADING, fill_other },
    { 0 },
};
