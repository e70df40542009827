// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_SCRIPT_MODEL_H
#define SFM_JOB_SCRIPT_MODEL_H

#include "job/noise_table.h"
#include "script/script.h"

// "leading", "linspace", "trailing": as scripts and their knobs call it. Static.
const char *sfm_spacing_name(SfmSpacing spacing);

// What scripts are told of a model that was trained so. `table` is NULL for
// networks that are told levels, and borrowed by the result. Shape and classes
// are left to the caller.
SfmScriptModel sfm_script_model(const SfmSchedulerConfig *scheduler, const SfmNoiseTable *table);

#endif
