// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_SETTINGS_H
#define SFM_JOB_SETTINGS_H

#include "script/script.h"

// Sets knobs from "sampler.eta=0.3", "schedule.spacing=trailing" or, where only
// one of the two scripts has it, "eta=0.3". NULL sets nothing. False, with
// SFM_ERROR_BAD_ARGUMENT, names the setting that is wrong.
bool sfm_settings_apply(const char *const *settings, SfmScript *schedule, SfmScript *sampler,
                        GError **error);

// NULL if the script has no knob of that name.
const SfmParam *sfm_settings_find(const SfmScript *script, const char *name);

#endif
