// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_METER_H
#define SFM_JOB_METER_H

#include <sfumato/engine.h>

// Turns what a job does into what a person sees: how far it is, and how long it
// will take. Told of evaluations and steps; reports some times a second.
typedef struct {
    SfmProgressFunc report; // NULL: nobody listens
    void *user_data;
    SfmProgress now;
    double evals_a_step; // of the network, as the sampler declares them
    double evals_done;   // in the step at hand
    int images;          // that the step at hand is for
    int steps_before;    // of `now`, that were for others
    gint64 reported;     // g_get_monotonic_time(); 0: not yet
    gint64 timed_since;  // the end of the first part: before it shaders are made, which
    double timed_from;   // says nothing of the time that steps take; `fraction` then
} SfmMeter;

// `num_steps` of all images together.
void sfm_meter_init(SfmMeter *meter, SfmProgressFunc report, void *user_data, int num_steps,
                    int evals_a_step);

// Something is being loaded.
void sfm_meter_loading(SfmMeter *meter);

// Steps for `images` images at once follow.
void sfm_meter_start(SfmMeter *meter, int images);

// `done` of `total` parts of one evaluation lie behind.
void sfm_meter_evaluating(SfmMeter *meter, double done, double total);
void sfm_meter_evaluated(SfmMeter *meter);

// Step i, from 0, of the images at hand has ended. A sampler may pass over some,
// and may take one more than once.
void sfm_meter_stepped(SfmMeter *meter, int i);

#endif
