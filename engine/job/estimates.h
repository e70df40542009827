// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_ESTIMATES_H
#define SFM_JOB_ESTIMATES_H

#include <sfumato/engine.h>

#include "plan/runner.h"

typedef struct SfmRun SfmRun;

// The clean estimates of a run on its way, seen: the latest one now and then, as
// a preview; those of evenly chosen steps kept, as frames.
typedef struct {
    SfmPreviewFunc preview; // NULL: nobody looks
    void *user_data;
    gint64 interval, shown; // microseconds between two previews; when the last one was, 0: never

    SfmImage *images;    // [sfm_job_num_pictures()] of the request, frames before their image;
                         // borrowed
    uint32_t num_frames; // of an image
    uint32_t num_taken;  // of those, of the images at hand
    SfmBuffer *latest;   // where there are frames: the last estimate; owned
    bool has_latest;     // of the images at hand
} SfmEstimates;

// `run->levels` and x's shape are there. False, with SFM_ERROR_BAD_ARGUMENT: more
// frames than steps.
bool sfm_estimates_init(SfmRun *run, const SfmJobParams *params, SfmImage *images, GError **error);

// The run's, as all here.
void sfm_estimates_clear(SfmRun *run);

// The next images are begun, and ended.
void sfm_estimates_begin(SfmRun *run);
bool sfm_estimates_end(SfmRun *run, GError **error);

// The model has given an estimate.
bool sfm_estimates_see(SfmRun *run, SfmBuffer *x0, GError **error);

// Step i of the run, from 0, has ended; x0 is what the sampler says to have gone
// by, NULL: it does not say.
bool sfm_estimates_step(SfmRun *run, size_t i, SfmBuffer *x0, GError **error);

#endif
