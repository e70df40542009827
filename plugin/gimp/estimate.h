// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_GIMP_ESTIMATE_H
#define SFM_GIMP_ESTIMATE_H

#include "common/form.h"

// How much memory a job would take on its device. A driver takes a quarter of a
// second to start, so a thread asks it, and of several questions the last alone.
typedef struct SfmEstimate SfmEstimate;

// Called in the main loop: what it will take; 0: that cannot be said, and `error`
// says why.
typedef void (*SfmEstimateFunc)(uint64_t bytes, const GError *error, void *user_data);

// `library` is borrowed and outlives the estimate.
SfmEstimate *sfm_estimate_new(SfmScriptLibrary *library, SfmEstimateFunc func, void *user_data);

// Waits for a thread that is at it. NULL is a no-op.
void sfm_estimate_free(SfmEstimate *estimate);

// Asks, a moment after the last call. `form` is copied; `inputs` are the pictures
// that its job starts from, of which size and channels matter.
void sfm_estimate_ask(SfmEstimate *estimate, const SfmForm *form,
                      const SfmPicture inputs[SFM_JOB_MAX_INPUTS]);

// Forgets what was asked.
void sfm_estimate_stop(SfmEstimate *estimate);

#endif
