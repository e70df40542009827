// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_SCRIPT_TRIAL_H
#define SFM_JOB_SCRIPT_TRIAL_H

#include "job/script_report.h"

// Each measures one thing of a sampler, its knobs set, into the trial, and adds
// what is wrong to the report.

// How fast the sampler comes near the flow where steps get shorter; and whether it
// gets to the flow's end.
void sfm_trial_order(SfmExamination *e, SfmScriptTrial *trial);
void sfm_trial_end(SfmExamination *e, SfmScriptTrial *trial);

// Whether what it draws is distributed as the data are.
void sfm_trial_law(SfmExamination *e, SfmScriptTrial *trial);

// Whether the same seed gives the same bits, at every place in a batch, and
// another seed others, as claimed.
void sfm_trial_repeat(SfmExamination *e, SfmScriptTrial *trial);

// Calls of the model, kernels, and the time of the script itself.
void sfm_trial_cost(SfmExamination *e, SfmScriptTrial *trial);

// A run of so many steps between two levels (sfm_examination_levels), from the
// start that seed 1 gives there. x is [count]. False: it failed, which is in the
// report.
bool sfm_trial_run(SfmExamination *e, const SfmScriptTrial *trial, SfmAnalytic *analytic,
                   int num_steps, double from, double to, float *x, SfmAnalyticCost *cost);

// Where runs start: so high that what a multistep method lacks in its first steps
// hardly matters; exactly there, so it need not be as high as a model's first level.
double sfm_trial_highest(const SfmAnalytic *analytic);

#endif
