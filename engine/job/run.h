// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_RUN_H
#define SFM_JOB_RUN_H

#include "job/denoiser.h"
#include "job/engine.h"
#include "job/estimates.h"
#include "job/meter.h"
#include "job/mirrors.h"
#include "job/noise_source.h"
#include "job/recipe.h"
#include "job/request.h"
#include "job/tiles.h"

typedef struct SfmWork SfmWork;

// A job under way. What a script calls back into is this.
struct SfmRun {
    const SfmWork *work; // static
    SfmEngine *engine;   // borrowed, as are the next four
    SfmNetwork *network;
    SfmModel *model;
    SfmNoiseSource *noise;
    const SfmRequest *request;
    SfmShape shape; // of x
    SfmLevels levels;
    SfmDenoiser *denoiser;                 // owned
    SfmBuffer *x;                          // owned
    SfmBuffer *given[SFM_JOB_MAX_INPUTS];  // the pictures, each of x's shape, the same in all
                                           // images; NULL where the job has none; owned
    SfmChoices *kernels;                   // of the network's calls, where not the usual; owned
    GPtrArray *notes;                      // of SfmNote; owned
    SfmBuffer *latent[SFM_JOB_MAX_INPUTS]; // noise of each picture, where the job keeps it; owned
    SfmBuffer *scratch;                    // of x's shape, where the job needs one; owned
    SfmTiles *tiles;                       // NULL: the network takes all of x; owned
    SfmMirrors *mirrors;                   // NULL: x is looked at from one side; owned
    SfmMeter meter;
    SfmEstimates estimates; // owned
    uint32_t first_image;   // of those at hand
    size_t from, to;        // of the levels: the part of the run that is under way
    uint32_t round;         // how often that part has been gone through before
    int steps_before;       // that have been taken of this batch, before this part
    bool left;              // the script was ended because the part had been
};

// Loads what the request needs: levels, network, denoiser, x. `run` has its
// borrowed fields, shape and notes; frames go into `images`, which is borrowed, too.
bool sfm_run_prepare(SfmRun *run, const SfmJobParams *params, SfmImage *images, GError **error);

// What scripts are told of its model.
SfmScriptModel sfm_run_model(const SfmRun *run);

// Takes x from level `from` to level `to` (both indices): the sampler is begun
// with all levels from there on, and left where the part ends before they do.
bool sfm_run_sample_part(SfmRun *run, size_t from, size_t to, GError **error);

// What the sampler asks, for jobs that ask it too: the estimates at a level, and
// the noise of a step of the run.
bool sfm_run_denoise(SfmRun *run, SfmBuffer *x, double sigma, SfmBuffer *x0, SfmBuffer *eps,
                     GError **error);
bool sfm_run_noise(SfmRun *run, uint32_t step, uint32_t stream, SfmBuffer *out, GError **error);

// Whether the run has not been cancelled: asked at least once a row of a picture.
static inline bool sfm_run_goes_on(const SfmRun *run, GError **error)
{
    return sfm_cancel_check(&run->engine->cancel, error);
}

// Frees what the run owns.
void sfm_run_clear(SfmRun *run);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SfmRun, sfm_run_clear)

#endif
