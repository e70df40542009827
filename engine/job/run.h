// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_RUN_H
#define SFM_JOB_RUN_H

#include "job/denoiser.h"
#include "job/engine.h"
#include "job/meter.h"
#include "job/noise_source.h"
#include "job/recipe.h"
#include "job/request.h"

typedef struct SfmWork SfmWork;

// A job under way. What a script calls back into is this.
typedef struct {
    const SfmWork *work; // static
    SfmEngine *engine;   // borrowed, as are the next four
    SfmNetwork *network;
    SfmModel *model;
    SfmNoiseSource *noise;
    const SfmRequest *request;
    SfmShape shape; // of x
    SfmLevels levels;
    SfmDenoiser *denoiser;                // owned
    SfmBuffer *x;                         // owned
    SfmBuffer *given[SFM_JOB_MAX_INPUTS]; // the pictures, each of x's shape, the same in all
                                          // images; NULL where the job has none; owned
    GPtrArray *notes; // of SfmNote; owned
    SfmMeter meter;
    uint32_t first_image; // of those at hand
} SfmRun;

// Loads what the request needs: levels, network, denoiser, x. `run` has its
// borrowed fields, shape and notes.
bool sfm_run_prepare(SfmRun *run, const SfmJobParams *params, GError **error);

// What scripts are told of its model.
SfmScriptModel sfm_run_model(const SfmRun *run);

// Takes x, which lies at the first level, to the last.
bool sfm_run_sample(SfmRun *run, GError **error);

// Frees what the run owns.
void sfm_run_clear(SfmRun *run);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SfmRun, sfm_run_clear)

#endif
