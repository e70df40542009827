// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_KNOBS_H
#define SFM_JOB_KNOBS_H

#include <sfumato/job.h>

#include "script/value.h"

#define SFM_KNOB_FRAMES "frames"

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

// What an integer would be set to by the settings of a request that runs: of
// "frames=3" and "job.frames=3" the last. Its default where none is meant or the
// value will not do; 0: the job has no such knob, or there is no such job.
int sfm_knobs_peek(const SfmJobInfo *info, const char *name, const char *const *settings);

// One that the job has; the text is owned by the knobs.
double sfm_knobs_number(const SfmKnobs *knobs, const char *name);
const char *sfm_knobs_text(const SfmKnobs *knobs, const char *name);

// "strength=0.5" and so on, NULL-terminated; the caller frees it with g_strfreev().
char **sfm_knobs_settings(const SfmKnobs *knobs);

#endif
