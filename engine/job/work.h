// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_WORK_H
#define SFM_JOB_WORK_H

#include "job/run.h"

// In what jobs differ; each has a file of its name.
struct SfmWork {
    // The level at which the run is entered. NULL: the schedule's first.
    bool (*enter)(SfmRun *run, double *sigma, GError **error);

    // Puts x of the images at hand to the first level.
    bool (*start)(SfmRun *run, GError **error);

    // Takes x to the last level. NULL: as the sampler does, in one go.
    bool (*sample)(SfmRun *run, GError **error);

    // Steps of a batch, where `sample` takes some more than once. NULL: one for
    // each two levels.
    int (*num_steps)(const SfmRun *run);

    // Has a word on each estimate at a level; x0 and eps may be changed. NULL: none.
    bool (*denoised)(SfmRun *run, SfmBuffer *x, double sigma, SfmBuffer *x0, SfmBuffer *eps,
                     GError **error);

    // And on x behind each step, at level sigma; `step` counts from the run's first.
    bool (*stepped)(SfmRun *run, uint32_t step, double sigma, SfmBuffer *x, GError **error);

    // The last word on a picture, which has the channels of the first that was
    // given. NULL: it stays as it came out.
    bool (*finish)(const SfmRun *run, uint32_t index, SfmImage *image, GError **error);

    uint32_t usual_tile; // pixels; of jobs with that knob, where nobody says; 0: as large as can be
    int default_steps;   // where nobody says how many; 0: as the model does
    bool shares_noise;   // all images of a job are given that of the first; they run one by one
    bool needs_scratch;  // run->scratch
    bool keeps_noise;    // run->latent
};

extern const SfmWork sfm_work_generate, sfm_work_vary, sfm_work_denoise, sfm_work_interpolate,
    sfm_work_inpaint;

// By job.
const SfmWork *sfm_work_of(SfmJob job);

#endif
