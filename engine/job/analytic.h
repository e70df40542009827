// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_ANALYTIC_H
#define SFM_JOB_ANALYTIC_H

#include "job/mixture.h"
#include "job/noise_table.h"
#include "script/script.h"

// A model that can be written down, as host of a sampler: images of which each
// pixel is a point of the mixture, denoised exactly, in double on the host. What
// the sampler itself computes runs on the reference runner, in float32.
typedef struct SfmAnalytic SfmAnalytic;

// Which kind of network it passes for.
typedef struct {
    const char *title;           // "a model of 1000 timesteps", for messages
    const char *prediction;      // as scripts see it; "consistency" answers with the end of the
                                 // flow instead of E[x0 | x]
    SfmSchedulerConfig training; // num_train_timesteps is 0: it is told levels
    double sigma_min, sigma_max; // of those that are told levels
} SfmAnalyticKind;

// The first is what most published models are.
extern const SfmAnalyticKind sfm_analytic_kinds[];
extern const size_t sfm_num_analytic_kinds;

// Images of `side` times `side` points. Never NULL.
SfmAnalytic *sfm_analytic_new(const SfmAnalyticKind *kind, uint32_t num_images, uint32_t side);

// NULL is a no-op.
void sfm_analytic_free(SfmAnalytic *analytic);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SfmAnalytic, sfm_analytic_free)

// What it tells scripts of itself; borrowed from it.
const SfmScriptModel *sfm_analytic_model(const SfmAnalytic *analytic);

// Floats of x, [N, 2, side, side].
size_t sfm_analytic_count(const SfmAnalytic *analytic);

// Images first_image and on of a seed, at level sigma: data with noise on them,
// exactly as a perfect sampler would have them there. x is [count].
void sfm_analytic_start(const SfmAnalytic *analytic, uint32_t seed, uint32_t first_image,
                        double sigma, float *x);

// Point i of x, counted over all images.
SfmPoint sfm_analytic_point(const SfmAnalytic *analytic, const float *x, size_t i);
size_t sfm_analytic_num_points(const SfmAnalytic *analytic);

// What a run took.
typedef struct {
    int num_evals;   // calls of the model
    int num_ended;   // ends of steps
    int num_kernels; // that the script itself had the runner run
    double seconds;  // of processor time that the script itself took
} SfmAnalyticCost;

// Takes x, in place, down the levels. `cost` may be NULL.
bool sfm_analytic_sample(SfmAnalytic *analytic, SfmScript *sampler, const SfmLevels *levels,
                         uint32_t seed, uint32_t first_image, float *x, SfmAnalyticCost *cost,
                         GError **error);

#endif
