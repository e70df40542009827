// SPDX-License-Identifier: GPL-3.0-or-later
//
// The mixture against what can be had without its formulas: sums over the plane,
// and laws that hold for any data.

#include "job/mixture.h"

#include <math.h>

#include <glib.h>

#include "base/philox.h"

// Of the data, at points of a lattice: p(x0) up to a factor, from the components
// as job/mixture.c lists them.
static double density(double x, double y)
{
    static const double w[] = { 0.5, 0.3, 0.2 }, s[] = { 0.40, 0.30, 0.35 };
    static const double mx[] = { -0.5, 0.6, 0.2 }, my[] = { 0.3, 0.5, -0.7 };
    double sum = 0;
    for (int k = 0; k < 3; k++)
        sum += w[k] / (s[k] * s[k]) *
               exp(-(pow(x - mx[k], 2) + pow(y - my[k], 2)) / (2 * s[k] * s[k]));
    return sum;
}

// Sums of weight, x0, y0, x0^2, y0^2, x0 y0 over the plane; given that the noisy
// point is there; sigma infinite: given nothing.
static void integrate(SfmPoint there, double sigma, double sum[6])
{
    const double step = 0.02, reach = 3;
    for (int i = 0; i < 6; i++)
        sum[i] = 0;
    for (double x = -reach; x < reach; x += step) {
        for (double y = -reach; y < reach; y += step) {
            const double far = pow(there.of[0] - x, 2) + pow(there.of[1] - y, 2);
            const double p = density(x, y) * (isinf(sigma) ? 1 : exp(-far / (2 * sigma * sigma)));
            const double terms[6] = { 1, x, y, x * x, y * y, x * y };
            for (int i = 0; i < 6; i++)
                sum[i] += p * terms[i];
        }
    }
    for (int i = 5; i >= 0; i--)
        sum[i] /= sum[0];
}

static void denoises_to_the_mean_of_what_may_lie_behind(void)
{
    static const SfmPoint points[] = { { { 0.1, 0.2 } }, { { -1.5, 2 } }, { { 4, -3 } } };
    static const double sigmas[] = { 0.2, 0.7, 3 };
    for (int i = 0; i < 3; i++) {
        double sum[6];
        integrate(points[i], sigmas[i], sum);
        const SfmMixtureLevel level = sfm_mixture_level(sigmas[i]);
        const SfmPoint x0 = sfm_mixture_denoise(&level, points[i]);
        const SfmPoint variance = sfm_mixture_variance(&level, points[i]);
        for (int c = 0; c < 2; c++) {
            g_assert_cmpfloat_with_epsilon(x0.of[c], sum[1 + c], 1e-6);
            g_assert_cmpfloat_with_epsilon(variance.of[c], sum[3 + c] - sum[1 + c] * sum[1 + c],
                                           1e-6);
        }
    }
}

static void knows_its_mean_and_covariance(void)
{
    double sum[6], covariance[2][2];
    integrate((SfmPoint){ { 0, 0 } }, INFINITY, sum);
    const SfmPoint mean = sfm_mixture_mean();
    sfm_mixture_covariance(covariance);
    for (int c = 0; c < 2; c++) {
        g_assert_cmpfloat_with_epsilon(mean.of[c], sum[1 + c], 1e-6);
        g_assert_cmpfloat_with_epsilon(covariance[c][c], sum[3 + c] - sum[1 + c] * sum[1 + c],
                                       1e-6);
    }
    g_assert_cmpfloat_with_epsilon(covariance[0][1], sum[5] - sum[1] * sum[2], 1e-6);
    g_assert_cmpfloat(covariance[0][1], ==, covariance[1][0]);
}

// Of n points a mean is off by its standard error, sd / sqrt(n), at most five of
// them but once in two million times.
static void draws_from_itself(void)
{
    enum { N = 30000 };
    g_autofree float *normals = g_new(float, 3 * N);
    sfm_philox_normals((SfmNoiseKey){ .seed = 3 }, normals, 3 * N);
    double mean[2] = { 0 }, covariance[2][2], product = 0;
    for (int i = 0; i < N; i++) {
        const double normal[3] = { (double)normals[3 * i], (double)normals[3 * i + 1],
                                   (double)normals[3 * i + 2] };
        const SfmPoint x = sfm_mixture_draw(normal);
        mean[0] += x.of[0] / N;
        mean[1] += x.of[1] / N;
        product += x.of[0] * x.of[1] / N;
    }
    const SfmPoint want = sfm_mixture_mean();
    sfm_mixture_covariance(covariance);
    g_assert_cmpfloat_with_epsilon(mean[0], want.of[0], 5 * sqrt(covariance[0][0] / N));
    g_assert_cmpfloat_with_epsilon(mean[1], want.of[1], 5 * sqrt(covariance[1][1] / N));
    // x y has a deviation of less than 1/2: both are mostly within 1
    g_assert_cmpfloat_with_epsilon(product - mean[0] * mean[1], covariance[0][1],
                                   5 * 0.5 / sqrt(N));
}

// What flows is what is drawn: from very far out, where the data are a point at
// their mean m, x - m scales with sqrt(var + sigma^2) along the flow; and halving
// the steps changes nothing.
static void flows_the_same_in_half_as_long_steps(void)
{
    const SfmPoint x = { { 40, -70 } };
    const SfmPoint coarse = sfm_mixture_flow(x, 80, 0.01, 1000);
    const SfmPoint fine = sfm_mixture_flow(x, 80, 0.01, 2000);
    g_assert_cmpfloat_with_epsilon(coarse.of[0], fine.of[0], 1e-9);
    g_assert_cmpfloat_with_epsilon(coarse.of[1], fine.of[1], 1e-9);

    const SfmPoint mean = sfm_mixture_mean();
    const SfmPoint far = { { 4000 + mean.of[0], mean.of[1] } };
    const SfmPoint less = sfm_mixture_flow(far, 4000, 400, 1000);
    g_assert_cmpfloat_with_epsilon(less.of[0] - mean.of[0], 400, 0.01);
    g_assert_cmpfloat_with_epsilon(less.of[1] - mean.of[1], 0, 0.01);
}

// A small step is the formula: dx = (x - x0) / sigma dsigma.
static void flows_towards_the_clean_estimate(void)
{
    const SfmMixtureLevel level = sfm_mixture_level(0.5);
    const SfmPoint x = { { 0.4, -0.3 } }, x0 = sfm_mixture_denoise(&level, x);
    const SfmPoint y = sfm_mixture_flow(x, 0.5, 0.4999, 1);
    for (int c = 0; c < 2; c++)
        g_assert_cmpfloat_with_epsilon((y.of[c] - x.of[c]) / -1e-4, (x.of[c] - x0.of[c]) / 0.5,
                                       1e-3);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mixture/denoises_to_the_mean_of_what_may_lie_behind",
                    denoises_to_the_mean_of_what_may_lie_behind);
    g_test_add_func("/mixture/knows_its_mean_and_covariance", knows_its_mean_and_covariance);
    g_test_add_func("/mixture/draws_from_itself", draws_from_itself);
    g_test_add_func("/mixture/flows_the_same_in_half_as_long_steps",
                    flows_the_same_in_half_as_long_steps);
    g_test_add_func("/mixture/flows_towards_the_clean_estimate", flows_towards_the_clean_estimate);
    return g_test_run();
}
