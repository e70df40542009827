// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_SETTINGS_H
#define SFM_JOB_SETTINGS_H

#include "job/knobs.h"
#include "script/script.h"

// Sets knobs from "sampler.eta=0.3", "schedule.spacing=trailing", "job.strength=0.5"
// or, where only one of the three has it, "eta=0.3". NULL sets nothing; `job` is NULL where there
// is none. False, with SFM_ERROR_BAD_ARGUMENT, names the setting that is wrong.
bool sfm_settings_apply(const char *const *settings, SfmKnobs *job, SfmScript *schedule,
                        SfmScript *sampler, GError **error);

// NULL if the script has no knob of that name.
const SfmParam *sfm_settings_find(const SfmScript *script, const char *name);

#endif
