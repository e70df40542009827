// SPDX-License-Identifier: GPL-3.0-or-later
//
// p(x0) = sum_k w_k N(x0; m_k, s_k^2 I). With noise of level sigma on it, it is
// again such a mixture, of variances v_k = s_k^2 + sigma^2, and by Bayes
//
//     r_k(x)    = w_k N(x; m_k, v_k I) / sum_j w_j N(x; m_j, v_j I)
//     E[x0 | x] = sum_k r_k mu_k,  mu_k = m_k + s_k^2 / v_k (x - m_k)
//     Var[x0_i | x] = sum_k r_k (s_k^2 sigma^2 / v_k + mu_ki^2) - E[x0_i | x]^2
//
// The data's own mean is sum_k w_k m_k, their covariance
// sum_k w_k (s_k^2 I + m_k m_k^T) - mean mean^T.

#include "job/mixture.h"

#include <math.h>

#include <glib.h>

enum { DIM = SFM_MIXTURE_DIM, NUM = SFM_MIXTURE_NUM };

// Neither symmetric nor round, so that mean, variances and covariance all have
// something to say; near enough to each other for the flow to be smooth.
static const struct {
    double weight, deviation;
    SfmPoint mean;
} component[NUM] = {
    { 0.5, 0.40, { { -0.5, 0.3 } } },
    { 0.3, 0.30, { { 0.6, 0.5 } } },
    { 0.2, 0.35, { { 0.2, -0.7 } } },
};

SfmMixtureLevel sfm_mixture_level(double sigma)
{
    SfmMixtureLevel level = { .sigma = sigma };
    for (int k = 0; k < NUM; k++) {
        const double own = component[k].deviation * component[k].deviation;
        level.variance[k] = own + sigma * sigma;
        level.kept[k] = own / level.variance[k];
        level.log_factor[k] = log(component[k].weight) - DIM / 2.0 * log(level.variance[k]);
    }
    return level;
}

static double square(double number)
{
    return number * number;
}

// r_k(x); by the largest first, so that nothing overflows.
static void find_shares(const SfmMixtureLevel *level, SfmPoint x, double share[NUM])
{
    double most = -INFINITY, sum = 0;
    for (int k = 0; k < NUM; k++) {
        double distance = 0;
        for (int i = 0; i < DIM; i++)
            distance += square(x.of[i] - component[k].mean.of[i]);
        share[k] = level->log_factor[k] - distance / (2 * level->variance[k]);
        most = fmax(most, share[k]);
    }
    for (int k = 0; k < NUM; k++) {
        share[k] = exp(share[k] - most);
        sum += share[k];
    }
    for (int k = 0; k < NUM; k++)
        share[k] /= sum;
}

// mu_k
static SfmPoint estimate(const SfmMixtureLevel *level, int k, SfmPoint x)
{
    SfmPoint mu;
    for (int i = 0; i < DIM; i++)
        mu.of[i] = component[k].mean.of[i] + level->kept[k] * (x.of[i] - component[k].mean.of[i]);
    return mu;
}

SfmPoint sfm_mixture_denoise(const SfmMixtureLevel *level, SfmPoint x)
{
    double share[NUM];
    SfmPoint x0 = { { 0 } };
    find_shares(level, x, share);
    for (int k = 0; k < NUM; k++) {
        const SfmPoint mu = estimate(level, k, x);
        for (int i = 0; i < DIM; i++)
            x0.of[i] += share[k] * mu.of[i];
    }
    return x0;
}

SfmPoint sfm_mixture_variance(const SfmMixtureLevel *level, SfmPoint x)
{
    double share[NUM];
    const SfmPoint x0 = sfm_mixture_denoise(level, x);
    SfmPoint variance = { { 0 } };
    find_shares(level, x, share);
    for (int k = 0; k < NUM; k++) {
        const SfmPoint mu = estimate(level, k, x);
        for (int i = 0; i < DIM; i++)
            variance.of[i] +=
                share[k] * (level->kept[k] * square(level->sigma) + square(mu.of[i] - x0.of[i]));
    }
    return variance;
}

// dx / d log sigma
static SfmPoint slope(SfmPoint x, double log_sigma)
{
    const SfmMixtureLevel level = sfm_mixture_level(exp(log_sigma));
    const SfmPoint x0 = sfm_mixture_denoise(&level, x);
    for (int i = 0; i < DIM; i++)
        x.of[i] -= x0.of[i];
    return x;
}

// x + h d
static SfmPoint along(SfmPoint x, double h, SfmPoint d)
{
    for (int i = 0; i < DIM; i++)
        x.of[i] += h * d.of[i];
    return x;
}

SfmPoint sfm_mixture_flow(SfmPoint x, double from, double to, int num_steps)
{
    const double h = log(to / from) / num_steps;
    for (int n = 0; n < num_steps; n++) {
        const double u = log(from) + n * h;
        const SfmPoint a = slope(x, u), b = slope(along(x, h / 2, a), u + h / 2),
                       c = slope(along(x, h / 2, b), u + h / 2), d = slope(along(x, h, c), u + h);
        for (int i = 0; i < DIM; i++)
            x.of[i] += h / 6 * (a.of[i] + 2 * b.of[i] + 2 * c.of[i] + d.of[i]);
    }
    return x;
}

SfmPoint sfm_mixture_draw(const double normal[3])
{
    double left = erfc(-normal[2] / G_SQRT2) / 2; // uniform in 0 .. 1
    int k = 0;
    while (k < NUM - 1 && left > component[k].weight)
        left -= component[k++].weight;
    SfmPoint x;
    for (int i = 0; i < DIM; i++)
        x.of[i] = component[k].mean.of[i] + component[k].deviation * normal[i];
    return x;
}

SfmPoint sfm_mixture_mean(void)
{
    SfmPoint mean = { { 0 } };
    for (int k = 0; k < NUM; k++)
        mean = along(mean, component[k].weight, component[k].mean);
    return mean;
}

void sfm_mixture_covariance(double covariance[DIM][DIM])
{
    const SfmPoint mean = sfm_mixture_mean();
    for (int i = 0; i < DIM; i++) {
        for (int j = 0; j < DIM; j++) {
            covariance[i][j] = -mean.of[i] * mean.of[j];
            for (int k = 0; k < NUM; k++)
                covariance[i][j] +=
                    component[k].weight *
                    (component[k].mean.of[i] * component[k].mean.of[j] +
                     (i == j ? component[k].deviation * component[k].deviation : 0));
        }
    }
}
