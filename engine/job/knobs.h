// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_KNOBS_H
#define SFM_JOB_KNOBS_H

#include <sfumato/job.h>

#include "script/value.h"

// What the knobs of a job are set to.
typedef struct {
    const SfmJobInfo *info;
    SfmParamValue *values; // [info->num_params]; owned
} SfmKnobs;

// All at their defaults.
void sfm_knobs_init(SfmKnobs *knobs, SfmJob job);

// A zeroed struct is a no-op.
void sfm_knobs_clear(SfmKnobs *knobs);

// NULL if the job has no knob of that name.
const SfmParam *sfm_knobs_find(const SfmKnobs *knobs, const char *name);

// From text. False, with SFM_ERROR_BAD_ARGUMENT: no such knob, or no such value.
bool sfm_knobs_set(SfmKnobs *knobs, const char *name, const char *text, GError **error);

// One that the job has; the text is owned by the knobs.
double sfm_knobs_number(const SfmKnobs *knobs, const char *name);
const char *sfm_knobs_text(const SfmKnobs *knobs, const char *name);

// "strength=0.5" and so on, NULL-terminated; the caller frees it with g_strfreev().
char **sfm_knobs_settings(const SfmKnobs *knobs);

#endif
