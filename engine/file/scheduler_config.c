// SPDX-License-Identifier: GPL-3.0-or-later
//
// scheduler_config.json: of a published scheduler we need the tables that the
// network was trained with, and the habits that our samplers take over. The
// class matters for the values of absent keys only. Options of the published
// samplers themselves (orders, Karras sigmas and so on) are ignored: ours have
// their own.

#include <string.h>

#include "file/config.h"
#include "file/field.h"

#define MAX_TIMESTEPS 100000

static const SfmWord betas[] = {
    { "linear", SFM_BETAS_LINEAR },
    { "scaled_linear", SFM_BETAS_SCALED_LINEAR },
    { "sigmoid", SFM_BETAS_SIGMOID },
    { "squaredcos_cap_v2", SFM_BETAS_COSINE },
    { NULL, 0 },
};

static const SfmWord predictions[] = {
    { "epsilon", SFM_PREDICT_EPSILON },
    { "v_prediction", SFM_PREDICT_V },
    { "sample", SFM_PREDICT_SAMPLE },
    { NULL, 0 },
};

// Not fixed_large_log: the formula that was published for it gives NaN.
static const SfmWord variances[] = {
    { "fixed_small", SFM_VARIANCE_FIXED_SMALL },
    { "fixed_small_log", SFM_VARIANCE_FIXED_SMALL_LOG },
    { "fixed_large", SFM_VARIANCE_FIXED_LARGE },
    { "learned", SFM_VARIANCE_LEARNED },
    { "learned_range", SFM_VARIANCE_LEARNED_RANGE },
    { NULL, 0 },
};

static const SfmWord spacings[] = {
    { "leading", SFM_SPACING_LEADING },
    { "linspace", SFM_SPACING_LINSPACE },
    { "trailing", SFM_SPACING_TRAILING },
    { NULL, 0 },
};

#define OF(member) offsetof(SfmSchedulerConfig, member)

// clip_sample is true even where the class knows no clipping: a sampler that
// does takes its own default for a key that is absent.

// clang-format off
static const SfmField fields[] = {
    { "num_train_timesteps", SFM_FIELD_UINT, OF(num_train_timesteps), .min = 1, .max = MAX_TIMESTEPS, .otherwise = 1000 },
    { "beta_schedule", SFM_FIELD_WORD, OF(betas), .words = betas },
    { "beta_start", SFM_FIELD_REAL, OF(beta_start), .min = 0, .max = 1, .otherwise = 1e-4 },
    { "beta_end", SFM_FIELD_REAL, OF(beta_end), .min = 0, .max = 1, .otherwise = 0.02 },
    { "prediction_type", SFM_FIELD_WORD, OF(prediction), .words = predictions },
    { "variance_type", SFM_FIELD_WORD, OF(variance), .nullable = true, .words = variances },
    { "timestep_spacing", SFM_FIELD_WORD, OF(spacing), .otherwise = SFM_SPACING_LINSPACE, .words = spacings },
    { "steps_offset", SFM_FIELD_INT, OF(steps_offset), .min = 0, .max = MAX_TIMESTEPS },
    { "clip_sample", SFM_FIELD_BOOL, OF(clip_sample), .otherwise = true },
    { "clip_sample_range", SFM_FIELD_REAL, OF(clip_range), .min = 1e-6, .max = 1e6, .otherwise = 1 },
    { "thresholding", SFM_FIELD_BOOL, OF(thresholding), .otherwise = false },
    { "dynamic_thresholding_ratio", SFM_FIELD_REAL, OF(threshold_ratio), .min = 0, .max = 1, .otherwise = 0.995 },
    { "sample_max_value", SFM_FIELD_REAL, OF(sample_max_value), .min = 1e-6, .max = 1e6, .otherwise = 1 },
    { "rescale_betas_zero_snr", SFM_FIELD_BOOL, OF(rescale_zero_snr), .otherwise = false },
    { "set_alpha_to_one", SFM_FIELD_BOOL, OF(set_alpha_to_one), .otherwise = true },
    { "sigma_min", SFM_FIELD_REAL, OF(sigma_min), .min = 0, .max = 1e6, .nullable = true },
    { "sigma_max", SFM_FIELD_REAL, OF(sigma_max), .min = 0, .max = 1e6, .nullable = true },
};
// clang-format on

// The classes, and where their defaults differ from the rows above.
static void leading(SfmSchedulerConfig *config)
{
    config->spacing = SFM_SPACING_LEADING;
}

static void leading_from_first_alpha(SfmSchedulerConfig *config)
{
    config->spacing = SFM_SPACING_LEADING;
    config->set_alpha_to_one = false;
}

static void betas_of_latents(SfmSchedulerConfig *config)
{
    config->beta_start = 0.00085;
    config->beta_end = 0.012;
}

static void score(SfmSchedulerConfig *config)
{
    config->prediction = SFM_PREDICT_SCORE;
    config->num_train_timesteps = 2000;
    config->sigma_min = 0.01;
    config->sigma_max = 1348;
}

static void consistency(SfmSchedulerConfig *config)
{
    config->prediction = SFM_PREDICT_SAMPLE;
    config->num_train_timesteps = 40;
    config->sigma_min = 0.002;
    config->sigma_max = 80;
}

static void no_difference(SfmSchedulerConfig *config)
{
}

static const struct {
    const char *name;
    void (*apply)(SfmSchedulerConfig *config);
} classes[] = {
    { "DDPMScheduler", leading },
    { "DDIMScheduler", leading },
    { "PNDMScheduler", leading_from_first_alpha },
    { "RePaintScheduler", leading },
    { "DPMSolverMultistepScheduler", no_difference },
    { "EulerDiscreteScheduler", no_difference },
    { "EulerAncestralDiscreteScheduler", no_difference },
    { "LMSDiscreteScheduler", no_difference },
    { "UniPCMultistepScheduler", no_difference },
    { "DEISMultistepScheduler", no_difference },
    { "HeunDiscreteScheduler", betas_of_latents },
    { "KDPM2DiscreteScheduler", betas_of_latents },
    { "ScoreSdeVeScheduler", score },
    { "CMStochasticIterativeScheduler", consistency },
};

static bool read_class(const char *path, const json_t *root, SfmSchedulerConfig *config,
                       GError **error)
{
    SfmWord words[G_N_ELEMENTS(classes) + 1] = { { NULL, 0 } };
    for (size_t i = 0; i < G_N_ELEMENTS(classes); i++)
        words[i] = (SfmWord){ classes[i].name, (int)i };

    const char *key = "_class_name";
    const json_t *value = json_object_get(root, key);
    int i;
    if (!value)
        return sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: %s: missing", path, key);
    if (!sfm_word_read(path, key, value, words, &i, error))
        return false;
    config->class_name = g_strdup(classes[i].name);
    classes[i].apply(config);
    return true;
}

// Files of 2022 say predict_epsilon where today's have prediction_type.
static void read_legacy_prediction(const json_t *root, SfmSchedulerConfig *config)
{
    if (!json_object_get(root, "prediction_type") &&
        json_is_false(json_object_get(root, "predict_epsilon")))
        config->prediction = SFM_PREDICT_SAMPLE;
}

static bool read_trained_betas(const char *path, const json_t *root, SfmSchedulerConfig *config,
                               GError **error)
{
    const char *key = "trained_betas";
    const json_t *list = json_object_get(root, key);
    if (!list || json_is_null(list))
        return true;
    if (json_array_size(list) != config->num_train_timesteps)
        return sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: %s: not a list of %u numbers", path, key,
                        config->num_train_timesteps);

    config->betas = SFM_BETAS_TRAINED;
    config->trained_betas = g_new(double, config->num_train_timesteps);
    for (uint32_t i = 0; i < config->num_train_timesteps; i++) {
        const json_t *item = json_array_get(list, i);
        const double beta = json_number_value(item);
        if (!json_is_number(item) || !(beta >= 0 && beta <= 1))
            return sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: %s: number %u is not between 0 and 1",
                            path, key, i);
        config->trained_betas[i] = beta;
    }
    return true;
}

static bool check_sigmas(const char *path, const SfmSchedulerConfig *config, GError **error)
{
    if (config->sigma_max == 0 || config->sigma_min <= config->sigma_max)
        return true;
    return sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: sigma_min: %g is more than sigma_max, %g", path,
                    config->sigma_min, config->sigma_max);
}

static bool read_all(const char *path, const json_t *root, SfmSchedulerConfig *config,
                     GError **error)
{
    if (!read_class(path, root, config, error) ||
        !sfm_fields_read(path, root, fields, G_N_ELEMENTS(fields), config, error))
        return false;
    read_legacy_prediction(root, config);
    return check_sigmas(path, config, error) && read_trained_betas(path, root, config, error);
}

bool sfm_scheduler_config_read(const char *path, SfmSchedulerConfig *config, GError **error)
{
    g_autoptr(json_t) root = sfm_json_read(path, error);
    if (!root)
        return false;

    SfmSchedulerConfig draft = { 0 };
    sfm_fields_default(fields, G_N_ELEMENTS(fields), &draft);
    if (!read_all(path, root, &draft, error)) {
        sfm_scheduler_config_clear(&draft);
        return false;
    }
    *config = draft;
    return true;
}

void sfm_scheduler_config_clear(SfmSchedulerConfig *config)
{
    g_free(config->class_name);
    g_free(config->trained_betas);
    *config = (SfmSchedulerConfig){ 0 };
}
