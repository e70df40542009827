// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_DENOISER_H
#define SFM_JOB_DENOISER_H

#include "file/config.h"
#include "job/noise_table.h"
#include "plan/runner.h"

// A model as samplers see it: what did x, at noise level sigma, look like clean?
// Behind the question may lie any network that SfmNetworkFunc can run; between
// the two lie the network's own coordinates, guidance and clipping
// (docs/math.md, "What a network predicts").
typedef struct SfmDenoiser SfmDenoiser;

// No class: for networks without classes, and where nobody asked for one.
#define SFM_NO_LABEL (-1)

// Runs a network once. sample [N, C, H, W] in the network's coordinates;
// condition [N, 1, 1, 1], timesteps or levels; labels [N, 1, 1, 1], NULL where
// the network has no classes; out [N, C, H, W], or [N, 2 C, H, W] where it has
// learned its variance. All borrowed during the call.
typedef bool (*SfmNetworkFunc)(void *user_data, SfmBuffer *sample, SfmBuffer *condition,
                               SfmBuffer *labels, SfmBuffer *out, GError **error);

typedef struct {
    SfmRunner *runner;                   // borrowed; outlives the denoiser
    SfmShape shape;                      // of x: [N, C, H, W]
    uint32_t out_channels;               // of the network: C or 2 C
    const SfmSchedulerConfig *scheduler; // borrowed likewise: prediction, variance, clipping
    const SfmNoiseTable *table; // borrowed likewise; NULL for networks that are told levels
    bool has_classes;           // whether the network takes labels
    int null_label;             // that of no class; SFM_NO_LABEL: guidance is refused
    SfmNetworkFunc network;
    void *user_data;
} SfmDenoiserParams;

// NULL, with `error` set: no memory. `params` is copied.
SfmDenoiser *sfm_denoiser_new(const SfmDenoiserParams *params, GError **error);

// NULL is a no-op.
void sfm_denoiser_free(SfmDenoiser *denoiser);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SfmDenoiser, sfm_denoiser_free)

// Where x is, and what is asked of it.
typedef struct {
    double sigma;    // above 0
    double timestep; // what the network is told; NaN: derived from sigma
    int label;       // a class; SFM_NO_LABEL: none
    double guidance; // 1: none, and the network runs once; else twice
} SfmDenoiseRequest;

// What the network is told at a level: `timestep`; where that is NaN, what the
// table has for sigma; sigma itself where there is no table.
double sfm_denoiser_condition(const SfmDenoiser *denoiser, double sigma, double timestep);

// x in sigma space -> the clean estimate after clipping, and the unit noise
// estimate from before it. x0 and eps are buffers of x's shape, apart from x.
bool sfm_denoiser_denoise(SfmDenoiser *denoiser, SfmBuffer *x, const SfmDenoiseRequest *at,
                          SfmBuffer *x0, SfmBuffer *eps, GError **error);

// The network's bare answer, its first C channels, to x in its own coordinates.
bool sfm_denoiser_predict(SfmDenoiser *denoiser, SfmBuffer *x_vp, double timestep, int label,
                          SfmBuffer *out, GError **error);

// The sigma-space variance of the step from level a to b < a, element by
// element, from the last answer. False, with SFM_ERROR_UNSUPPORTED, if the
// network has not learned one.
bool sfm_denoiser_learned_variance(SfmDenoiser *denoiser, double a, double b, SfmBuffer *out,
                                   GError **error);

// How often the network runs for one call of denoise().
int sfm_denoiser_evals(int label, double guidance);

#endif
