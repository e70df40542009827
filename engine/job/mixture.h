// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_MIXTURE_H
#define SFM_JOB_MIXTURE_H

#include <stdint.h>

// Data of which everything is known: a mixture of three Gaussians in the plane,
// about as wide as images are, -1 .. 1. An image of it has two channels, and
// each of its pixels is a point by itself. All in double; from any thread.
enum { SFM_MIXTURE_DIM = 2 };

typedef struct {
    double of[SFM_MIXTURE_DIM];
} SfmPoint;

enum { SFM_MIXTURE_NUM = 3 }; // of Gaussians

// What the formulas have of a noise level.
typedef struct {
    double sigma;
    double log_factor[SFM_MIXTURE_NUM]; // of each density, with its weight
    double variance[SFM_MIXTURE_NUM];   // with the noise
    double kept[SFM_MIXTURE_NUM];       // the share of that without it
} SfmMixtureLevel;

SfmMixtureLevel sfm_mixture_level(double sigma);

// The clean point that lies behind x = x0 + sigma eps, on average: E[x0 | x],
// what a perfect denoiser says.
SfmPoint sfm_mixture_denoise(const SfmMixtureLevel *level, SfmPoint x);

// How far the clean point is off that, channel by channel: Var[x0 | x].
SfmPoint sfm_mixture_variance(const SfmMixtureLevel *level, SfmPoint x);

// Where the probability flow dx / d sigma = (x - E[x0 | x]) / sigma takes x on
// its way from one level to a lower one, in `num_steps` steps of RK4 in log
// sigma: 1000 of them from 80 to 0.01 are within 1e-9. Both levels above 0.
SfmPoint sfm_mixture_flow(SfmPoint x, double from, double to, int num_steps);

// A point of the data, of three unit normals.
SfmPoint sfm_mixture_draw(const double normal[3]);

// Mean, and covariance row by row.
SfmPoint sfm_mixture_mean(void);
void sfm_mixture_covariance(double covariance[SFM_MIXTURE_DIM][SFM_MIXTURE_DIM]);

#endif
