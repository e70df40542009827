// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/published.h"

#include <string.h>

#include "job/published_row.h"
#include "job/script_model.h"

// ---- what rows are made of ---------------------------------------------------

void sfm_published_set(SfmPublished *published, const char *name, const char *value)
{
    g_ptr_array_add(published->settings, g_strdup_printf("%s=%s", name, value));
}

void sfm_published_set_bool(SfmPublished *published, const char *name, bool value)
{
    sfm_published_set(published, name, value ? "true" : "false");
}

void sfm_published_set_int(SfmPublished *published, const char *name, int value)
{
    g_ptr_array_add(published->settings, g_strdup_printf("%s=%d", name, value));
}

// As few digits as give the number back: 0.15, not 0.14999999999999999.
void sfm_published_set_number(SfmPublished *published, const char *name, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    g_ascii_formatd(text, sizeof text, "%.15g", value);
    if (g_ascii_strtod(text, NULL) != value)
        g_ascii_dtostr(text, sizeof text, value);
    sfm_published_set(published, name, text);
}

void sfm_published_tie(SfmPublished *published, const char *name, const char *value)
{
    g_ptr_array_add(published->tied, g_strdup_printf("%s=%s", name, value));
}

void sfm_published_tie_int(SfmPublished *published, const char *name, int value)
{
    g_ptr_array_add(published->tied, g_strdup_printf("%s=%d", name, value));
}

void sfm_published_set_spacing(const SfmSchedulerConfig *config, SfmPublished *published)
{
    sfm_published_set(published, "schedule.spacing", sfm_spacing_name(config->spacing));
    sfm_published_set_int(published, "schedule.steps_offset", config->steps_offset);
}

bool sfm_published_refuse(const SfmSchedulerConfig *config, const char *option, GError **error)
{
    return sfm_fail(error, SFM_ERROR_UNSUPPORTED,
                    "%s: %s has no counterpart here; choose a schedule and a sampler",
                    config->class_name, option);
}

bool sfm_published_set_spread(const SfmSchedulerConfig *config, SfmPublished *published,
                              GError **error)
{
    if (config->use_flow_sigmas)
        return sfm_published_refuse(config, "use_flow_sigmas", error);
    if (config->use_karras_sigmas)
        sfm_published_set(published, "schedule.spread", "karras");
    else if (config->use_exponential_sigmas)
        sfm_published_set(published, "schedule.spread", "exponential");
    else if (config->use_beta_sigmas)
        sfm_published_set(published, "schedule.spread", "beta");
    return true;
}

// ---- the chains --------------------------------------------------------------

static bool fill_ddpm(const SfmSchedulerConfig *config, int num_steps, SfmPublished *published,
                      GError **error)
{
    static const char *const variances[] = {
        [SFM_VARIANCE_FIXED_SMALL] = "small",     [SFM_VARIANCE_FIXED_SMALL_LOG] = "small",
        [SFM_VARIANCE_FIXED_LARGE] = "large",     [SFM_VARIANCE_LEARNED] = "learned",
        [SFM_VARIANCE_LEARNED_RANGE] = "learned",
    };
    sfm_published_set_spacing(config, published);
    sfm_published_set(published, "sampler.variance", variances[config->variance]);
    sfm_published_tie(published, "sampler.final_noise", "true");
    return true;
}

static bool fill_ddim(const SfmSchedulerConfig *config, int num_steps, SfmPublished *published,
                      GError **error)
{
    sfm_published_set_spacing(config, published);
    sfm_published_tie_int(published, "sampler.stride",
                          (int)config->num_train_timesteps / MAX(num_steps, 1));
    sfm_published_tie(published, "sampler.final", config->set_alpha_to_one ? "clean" : "first");
    return true;
}

static bool fill_score(const SfmSchedulerConfig *config, int num_steps, SfmPublished *published,
                       GError **error)
{
    sfm_published_set_number(published, "sampler.snr", config->snr);
    sfm_published_set_int(published, "sampler.correct_steps", (int)config->correct_steps);
    return true;
}

static bool fill_consistency(const SfmSchedulerConfig *config, int num_steps,
                             SfmPublished *published, GError **error)
{
    sfm_published_set_number(published, "schedule.rho", config->rho);
    sfm_published_set_int(published, "schedule.points", (int)config->num_train_timesteps);
    sfm_published_set_number(published, "sampler.s_noise", config->s_noise);
    return true;
}

const SfmPublishedRow sfm_published_chains[] = {
    { "DDPMScheduler", "trained", "ddpm", SFM_START_VP, fill_ddpm },
    { "DDPMParallelScheduler", "trained", "ddpm", SFM_START_VP, fill_ddpm },
    { "DDIMScheduler", "trained", "ddim", SFM_START_VP, fill_ddim },
    { "DDIMParallelScheduler", "trained", "ddim", SFM_START_VP, fill_ddim },
    { "ScoreSdeVeScheduler", "geometric", "predictor-corrector", SFM_START_SIGMA, fill_score },
    { "CMStochasticIterativeScheduler", "consistency", "consistency", SFM_START_SIGMA,
      fill_consistency },
    { 0 },
};

// ---- the table ---------------------------------------------------------------

static const SfmPublishedRow *const families[] = {
    sfm_published_chains,
    sfm_published_euler,
    sfm_published_dpm,
};

static const SfmPublishedRow *find(const char *class_name)
{
    for (size_t k = 0; k < G_N_ELEMENTS(families); k++) {
        for (const SfmPublishedRow *row = families[k]; row->class_name; row++) {
            if (strcmp(row->class_name, class_name) == 0)
                return row;
        }
    }
    return NULL;
}

bool sfm_published_choose(const SfmSchedulerConfig *config, int num_steps, SfmPublished *published,
                          GError **error)
{
    const SfmPublishedRow *row = find(config->class_name);
    if (!row)
        return sfm_fail(error, SFM_ERROR_UNSUPPORTED,
                        "%s has no counterpart here; choose a schedule and a sampler",
                        config->class_name);

    g_auto(SfmPublished) made = {
        .schedule = row->schedule,
        .sampler = row->sampler,
        .settings = g_ptr_array_new_with_free_func(g_free),
        .tied = g_ptr_array_new_with_free_func(g_free),
    };
    if (!row->fill(config, num_steps, &made, error))
        return false;
    g_ptr_array_add(made.settings, NULL);
    g_ptr_array_add(made.tied, NULL);
    *published = made;
    made = (SfmPublished){ 0 };
    return true;
}

void sfm_published_clear(SfmPublished *published)
{
    if (published->settings)
        g_ptr_array_unref(published->settings);
    if (published->tied)
        g_ptr_array_unref(published->tied);
    *published = (SfmPublished){ 0 };
}

bool sfm_published_starts_with_sigma(const SfmSchedulerConfig *config)
{
    const SfmPublishedRow *row = find(config->class_name);

    if (!row || row->start == SFM_START_VP)
        return false;
    return row->start == SFM_START_SIGMA || config->spacing != SFM_SPACING_LEADING;
}
