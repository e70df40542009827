// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_JOB_H
#define SFM_JOB_JOB_H

#include <sfumato/engine.h>

#include "job/noise_source.h"

// sfm_engine_run() with noise of the caller's, borrowed during the call, in
// place of what `params` says: for tests that replay recorded noise. NULL: as
// `params` says.
bool sfm_job_run(SfmEngine *engine, const SfmJobParams *params, SfmNoiseSource *noise,
                 SfmImage *images, GError **error);

#endif
