// SPDX-License-Identifier: GPL-3.0-or-later
//
// scheduler_config.json: the tables that a network was trained with, and how its
// publisher samples. All keys of diffusers' classes that change a number are
// read, whichever class the file is of; what its class makes of them is in
// scheduler_class.c.

#include <math.h>
#include <string.h>

#include "file/config.h"
#include "file/field.h"
#include "file/scheduler_class.h"

#define MAX_TIMESTEPS  100000
#define MAX_CLASS_NAME 100
#define MAX_ORDER      10
#define MAX_DISABLED   1000 // steps without a corrector

static const SfmWord betas[] = {
    { "linear", SFM_BETAS_LINEAR },
    { "scaled_linear", SFM_BETAS_SCALED_LINEAR },
    { "sigmoid", SFM_BETAS_SIGMOID },
    { "squaredcos_cap_v2", SFM_BETAS_COSINE },
    { "exp", SFM_BETAS_EXP },
    { "laplace", SFM_BETAS_LAPLACE },
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

static const SfmWord interpolations[] = {
    { "linear", SFM_INTERPOLATION_LINEAR },
    { "log_linear", SFM_INTERPOLATION_LOG_LINEAR },
    { NULL, 0 },
};

static const SfmWord timestep_types[] = {
    { "discrete", SFM_TIMESTEPS_DISCRETE },
    { "continuous", SFM_TIMESTEPS_CONTINUOUS },
    { NULL, 0 },
};

static const SfmWord final_sigmas[] = {
    { "zero", SFM_FINAL_ZERO },
    { "sigma_min", SFM_FINAL_SIGMA_MIN },
    { NULL, 0 },
};

static const SfmWord algorithms[] = {
    { "dpmsolver", SFM_ALGORITHM_DPM },
    { "dpmsolver++", SFM_ALGORITHM_DPM_PP },
    { "sde-dpmsolver", SFM_ALGORITHM_SDE_DPM },
    { "sde-dpmsolver++", SFM_ALGORITHM_SDE_DPM_PP },
    { "deis", SFM_ALGORITHM_DEIS },
    { NULL, 0 },
};

static const SfmWord solvers[] = {
    { "midpoint", SFM_SOLVER_MIDPOINT }, { "heun", SFM_SOLVER_HEUN },     { "bh1", SFM_SOLVER_BH1 },
    { "bh2", SFM_SOLVER_BH2 },           { "logrho", SFM_SOLVER_LOGRHO }, { NULL, 0 },
};

static const SfmWord sigma_schedules[] = {
    { "karras", SFM_SIGMAS_KARRAS },
    { "exponential", SFM_SIGMAS_EXPONENTIAL },
    { NULL, 0 },
};

#define OF(member) offsetof(SfmSchedulerConfig, member)

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
    { "clip_denoised", SFM_FIELD_BOOL, OF(clip_sample), .otherwise = true },
    { "rescale_betas_zero_snr", SFM_FIELD_BOOL, OF(rescale_zero_snr), .otherwise = false },
    { "set_alpha_to_one", SFM_FIELD_BOOL, OF(set_alpha_to_one), .otherwise = true },
    { "skip_prk_steps", SFM_FIELD_BOOL, OF(skip_prk_steps), .otherwise = false },
    { "use_karras_sigmas", SFM_FIELD_BOOL, OF(use_karras_sigmas), .nullable = true },
    { "use_exponential_sigmas", SFM_FIELD_BOOL, OF(use_exponential_sigmas), .nullable = true },
    { "use_beta_sigmas", SFM_FIELD_BOOL, OF(use_beta_sigmas), .nullable = true },
    { "use_lu_lambdas", SFM_FIELD_BOOL, OF(use_lu_lambdas), .nullable = true },
    { "use_flow_sigmas", SFM_FIELD_BOOL, OF(use_flow_sigmas), .nullable = true },
    { "interpolation_type", SFM_FIELD_WORD, OF(interpolation), .words = interpolations },
    { "timestep_type", SFM_FIELD_WORD, OF(timestep_type), .words = timestep_types },
    { "final_sigmas_type", SFM_FIELD_WORD, OF(final_sigma), .words = final_sigmas },
    { "algorithm_type", SFM_FIELD_WORD, OF(algorithm), .otherwise = SFM_ALGORITHM_DPM_PP, .words = algorithms },
    { "solver_type", SFM_FIELD_WORD, OF(solver_type), .words = solvers },
    { "solver_order", SFM_FIELD_UINT, OF(solver_order), .min = 1, .max = MAX_ORDER, .otherwise = 2 },
    { "lower_order_final", SFM_FIELD_BOOL, OF(lower_order_final), .otherwise = true },
    { "euler_at_final", SFM_FIELD_BOOL, OF(euler_at_final), .otherwise = false },
    { "predict_x0", SFM_FIELD_BOOL, OF(predict_x0), .otherwise = true },
    { "rho", SFM_FIELD_REAL, OF(rho), .min = 1e-3, .max = 1e3, .otherwise = 7 },
    { "sigma_data", SFM_FIELD_REAL, OF(sigma_data), .min = 1e-6, .max = 1e6, .otherwise = 0.5 },
    { "sigma_schedule", SFM_FIELD_WORD, OF(sigma_schedule), .words = sigma_schedules },
    { "s_noise", SFM_FIELD_REAL, OF(s_noise), .min = 0, .max = 100, .otherwise = 1 },
    { "snr", SFM_FIELD_REAL, OF(snr), .min = 0, .max = 100, .otherwise = 0.15 },
    { "correct_steps", SFM_FIELD_UINT, OF(correct_steps), .min = 0, .max = 99, .otherwise = 1 },
    { "sigma_min", SFM_FIELD_REAL, OF(sigma_min), .min = 0, .max = 1e6, .nullable = true },
    { "sigma_max", SFM_FIELD_REAL, OF(sigma_max), .min = 0, .max = 1e6, .nullable = true },
};
// clang-format on

static bool read_class(const char *path, const json_t *root, const char *as,
                       SfmSchedulerConfig *config, GError **error)
{
    const char *key = "_class_name";
    const json_t *value = json_object_get(root, key);

    if (!value)
        return sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: %s: missing", path, key);
    config->class_name = sfm_text_read(path, key, value, error);
    if (!config->class_name)
        return false;
    if (strlen(config->class_name) > MAX_CLASS_NAME)
        return sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: %s: a name of %zu bytes; %d are the most",
                        path, key, strlen(config->class_name), MAX_CLASS_NAME);
    if (as) {
        g_free(config->class_name);
        config->class_name = g_strdup(as);
    }
    sfm_scheduler_class_begin(config);
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

// A number, or the -Infinity that json.h reads as a text.
static bool read_lambda_min(const char *path, const json_t *root, SfmSchedulerConfig *config,
                            GError **error)
{
    const char *key = "lambda_min_clipped";
    const json_t *value = json_object_get(root, key);

    if (!value || g_strcmp0(json_string_value(value), "-Infinity") == 0)
        return true;
    if (!json_is_number(value)) {
        g_autofree char *text = sfm_json_describe(value);
        return sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: %s: %s is neither a number nor -Infinity",
                        path, key, text);
    }
    config->lambda_min_clipped = json_number_value(value);
    return true;
}

// The steps that UniPC takes without its corrector.
static bool read_disabled(const char *path, const json_t *root, SfmSchedulerConfig *config,
                          GError **error)
{
    const char *key = "disable_corrector";
    const json_t *list = json_object_get(root, key);
    const size_t num = json_array_size(list);

    if (!list || json_is_null(list))
        return true;
    if (!json_is_array(list) || num > MAX_DISABLED)
        return sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: %s: not a list of at most %d steps", path,
                        key, MAX_DISABLED);
    config->disable_corrector = g_new(uint32_t, num);
    for (; config->num_disable_corrector < num; config->num_disable_corrector++) {
        const size_t i = config->num_disable_corrector;
        if (!sfm_uint_read(path, key, json_array_get(list, i), 0, MAX_TIMESTEPS,
                           &config->disable_corrector[i], error))
            return false;
    }
    return true;
}

// As published: the three exclude one another.
static bool check_spread(const char *path, const SfmSchedulerConfig *config, GError **error)
{
    if (config->use_karras_sigmas + config->use_exponential_sigmas + config->use_beta_sigmas <= 1)
        return true;
    return sfm_fail(error, SFM_ERROR_BAD_FILE,
                    "%s: use_karras_sigmas, use_exponential_sigmas and use_beta_sigmas exclude one "
                    "another, and more than one is true",
                    path);
}

// Networks that are told levels have no betas to take these from.
static bool check_told_levels(const char *path, const SfmSchedulerConfig *config, GError **error)
{
    const bool told =
        config->prediction == SFM_PREDICT_SCORE || config->prediction == SFM_PREDICT_CONSISTENCY;

    if (!told || (config->sigma_min > 0 && config->sigma_max > 0))
        return true;
    return sfm_fail(error, SFM_ERROR_BAD_FILE,
                    "%s: %s: is null or 0; %s needs a level above 0 there", path,
                    config->sigma_min > 0 ? "sigma_max" : "sigma_min", config->class_name);
}

static bool check_sigmas(const char *path, const SfmSchedulerConfig *config, GError **error)
{
    if (config->sigma_max == 0 || config->sigma_min <= config->sigma_max)
        return true;
    return sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: sigma_min: %g is more than sigma_max, %g", path,
                    config->sigma_min, config->sigma_max);
}

static bool read_lists(const char *path, const json_t *root, SfmSchedulerConfig *config,
                       GError **error)
{
    const json_t *solver_p = json_object_get(root, "solver_p");

    config->solver_p = solver_p && !json_is_null(solver_p);
    return read_trained_betas(path, root, config, error) &&
           read_lambda_min(path, root, config, error) && read_disabled(path, root, config, error);
}

static bool read_all(const char *path, const json_t *root, const char *as,
                     SfmSchedulerConfig *config, GError **error)
{
    if (!read_class(path, root, as, config, error) ||
        !sfm_fields_read(path, root, fields, G_N_ELEMENTS(fields), config, error))
        return false;
    read_legacy_prediction(root, config);
    sfm_scheduler_class_end(config);
    return check_spread(path, config, error) && check_told_levels(path, config, error) &&
           check_sigmas(path, config, error) && read_lists(path, root, config, error);
}

bool sfm_scheduler_config_read_as(const char *path, const char *class_name,
                                  SfmSchedulerConfig *config, GError **error)
{
    g_autoptr(json_t) root = sfm_json_read(path, error);
    if (!root)
        return false;

    SfmSchedulerConfig draft = { 0 };
    sfm_fields_default(fields, G_N_ELEMENTS(fields), &draft);
    draft.lambda_min_clipped = -INFINITY;
    if (!read_all(path, root, class_name, &draft, error)) {
        sfm_scheduler_config_clear(&draft);
        return false;
    }
    *config = draft;
    return true;
}

bool sfm_scheduler_config_read(const char *path, SfmSchedulerConfig *config, GError **error)
{
    return sfm_scheduler_config_read_as(path, NULL, config, error);
}

void sfm_scheduler_config_clear(SfmSchedulerConfig *config)
{
    g_free(config->class_name);
    g_free(config->trained_betas);
    g_free(config->disable_corrector);
    *config = (SfmSchedulerConfig){ 0 };
}
