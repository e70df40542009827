// SPDX-License-Identifier: GPL-3.0-or-later
//
// The schedulers of diffusers that step in sigma, and PNDM. What an option does
// that a class does not have, is nothing there and here. Arguments of step(), as
// s_churn and LMS's order, have the same names as knobs.
//
// Not here: IPNDMScheduler, whose network is told a time from 0 to 1, and
// EDMEulerScheduler, whose network is told ln(sigma) / 4 and is preconditioned.

#include "job/published_row.h"

// As published, timesteps are not rounded, and levels between those of the
// table lie on a straight line.
static void set_timesteps(const SfmSchedulerConfig *config, SfmPublished *published)
{
    sfm_published_set_spacing(config, published);
    sfm_published_set_bool(published, "schedule.fractional", true);
}

static bool is_spread(const SfmSchedulerConfig *config)
{
    return config->use_karras_sigmas || config->use_exponential_sigmas || config->use_beta_sigmas;
}

// A spread goes over the run's own levels.
static bool fill_spread(const SfmSchedulerConfig *config, int num_steps, SfmPublished *published,
                        GError **error)
{
    set_timesteps(config, published);
    sfm_published_set(published, "schedule.spread_over", "run");
    return sfm_published_set_spread(config, published, error);
}

static void set_ends(const SfmSchedulerConfig *config, SfmPublished *published)
{
    if (config->sigma_max > 0)
        sfm_published_set_number(published, "schedule.sigma_max", config->sigma_max);
    if (config->sigma_min > 0)
        sfm_published_set_number(published, "schedule.sigma_min", config->sigma_min);
}

// log_linear replaces the run's levels by one more than there are steps, evenly in
// the logarithm of the whole table. The 0 behind them is not reached.
static bool fill_euler(const SfmSchedulerConfig *config, int num_steps, SfmPublished *published,
                       GError **error)
{
    const bool log_linear = config->interpolation == SFM_INTERPOLATION_LOG_LINEAR;
    const bool ends_above_0 = config->final_sigma == SFM_FINAL_SIGMA_MIN;

    if (config->timestep_type == SFM_TIMESTEPS_CONTINUOUS && config->prediction == SFM_PREDICT_V)
        return sfm_published_refuse(config, "timestep_type continuous", error);
    set_timesteps(config, published);
    if (log_linear && !is_spread(config)) {
        sfm_published_set(published, "schedule.spread", "log-linear");
        sfm_published_set(published, "schedule.final", "sigma_min");
        return true;
    }
    sfm_published_set(published, "schedule.final", ends_above_0 ? "sigma_min" : "zero");
    sfm_published_set(published, "schedule.spread_over", log_linear ? "table" : "run");
    if (is_spread(config))
        set_ends(config, published);
    return sfm_published_set_spread(config, published, error);
}

static bool fill_euler_ancestral(const SfmSchedulerConfig *config, int num_steps,
                                 SfmPublished *published, GError **error)
{
    set_timesteps(config, published);
    return true;
}

// Only Karras's timesteps are rounded.
static bool fill_kdpm2(const SfmSchedulerConfig *config, int num_steps, SfmPublished *published,
                       GError **error)
{
    if (!fill_spread(config, num_steps, published, error))
        return false;
    sfm_published_set(published, "schedule.rounded", config->use_karras_sigmas ? "nearest" : "no");
    return true;
}

static bool fill_pndm(const SfmSchedulerConfig *config, int num_steps, SfmPublished *published,
                      GError **error)
{
    const bool velocity = config->prediction == SFM_PREDICT_V;

    sfm_published_set_spacing(config, published);
    sfm_published_set(published, "sampler.start", config->skip_prk_steps ? "plms" : "runge-kutta");
    sfm_published_set(published, "sampler.averages", velocity ? "velocity" : "noise");
    sfm_published_tie_int(published, "sampler.stride",
                          (int)config->num_train_timesteps / MAX(num_steps, 1));
    sfm_published_tie(published, "sampler.final", config->set_alpha_to_one ? "clean" : "first");
    return true;
}

#define START SFM_START_SIGMA_UNLESS_LEADING

const SfmPublishedRow sfm_published_euler[] = {
    { "EulerDiscreteScheduler", "trained", "euler", START, fill_euler },
    { "EulerAncestralDiscreteScheduler", "trained", "euler-ancestral", START,
      fill_euler_ancestral },
    { "HeunDiscreteScheduler", "trained", "heun", START, fill_spread },
    { "LMSDiscreteScheduler", "trained", "lms", START, fill_spread },
    { "KDPM2DiscreteScheduler", "trained", "kdpm2", START, fill_kdpm2 },
    { "KDPM2AncestralDiscreteScheduler", "trained", "kdpm2-ancestral", START, fill_kdpm2 },
    { "PNDMScheduler", "trained", "pndm", SFM_START_VP, fill_pndm },
    { 0 },
};
