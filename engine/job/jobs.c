// SPDX-License-Identifier: GPL-3.0-or-later
//
// What each job is called, reads and can be told: the one place. Flags, widgets,
// help and recipes are made from these tables.

#include <sfumato/job.h>

static const SfmParam vary[] = {
    {
        .name = "strength",
        .label = "Strength",
        .help = "How much becomes new: 0 nothing, 1 everything",
        .type = SFM_PARAM_NUMBER,
        .min = 0.0,
        .max = 1.0,
        .step = 0.05,
        .default_number = 0.5,
    },
};

static const SfmJobInfo jobs[SFM_NUM_JOBS] = {
    [SFM_JOB_GENERATE] = {
        .name = "generate",
        .title = "Generate",
        .summary = "Makes pictures from noise",
    },
    [SFM_JOB_VARY] = {
        .name = "vary",
        .title = "Vary",
        .summary = "Makes pictures like a given one",
        .inputs = { "picture" },
        .num_params = G_N_ELEMENTS(vary),
        .params = vary,
    },
};

const SfmJobInfo *sfm_job_info(SfmJob job)
{
    return (int)job >= 0 && (int)job < SFM_NUM_JOBS ? &jobs[job] : NULL;
}
