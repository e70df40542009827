// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/script_model.h"

const char *sfm_spacing_name(SfmSpacing spacing)
{
    static const char *const names[] = {
        [SFM_SPACING_LEADING] = "leading",
        [SFM_SPACING_LINSPACE] = "linspace",
        [SFM_SPACING_TRAILING] = "trailing",
    };
    return names[spacing];
}

SfmScriptModel sfm_script_model(const SfmSchedulerConfig *scheduler, const SfmNoiseTable *table)
{
    static const char *const predictions[] = {
        [SFM_PREDICT_EPSILON] = "epsilon",         [SFM_PREDICT_V] = "v_prediction",
        [SFM_PREDICT_SAMPLE] = "sample",           [SFM_PREDICT_SCORE] = "score",
        [SFM_PREDICT_CONSISTENCY] = "consistency",
    };
    return (SfmScriptModel){
        .prediction = predictions[scheduler->prediction],
        .sigma_min = table ? table->sigma[0] : scheduler->sigma_min,
        .sigma_max = table ? table->sigma[table->num - 1] : scheduler->sigma_max,
        .num_train_timesteps = table ? table->num : 0,
        .alphas_cumprod = table ? table->alphas_cumprod : NULL,
        .spacing = sfm_spacing_name(scheduler->spacing),
        .steps_offset = scheduler->steps_offset,
    };
}
