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
};

extern const SfmWork sfm_work_generate, sfm_work_vary;

#endif
