// SPDX-License-Identifier: GPL-3.0-or-later
//
// A stochastic sampler must draw what the data are drawn from: mean and
// covariance of the mixture.
//
// Of M independent draws, an estimate m of a moment is off by chance; its standard
// error is s / sqrt(M), s being the deviation of what it is the mean of: x for the
// mean, x_i x_j for the covariance. With 40000 points that is 0.5 % of the data's
// deviation. On top of chance, n steps leave an error that falls as 1 / n. The two
// together: of e(n) and e(2n), 2 e(2n) - e(n) is free of the latter, but for terms
// in 1 / n^2, which are as large as the square of the difference is; and its
// standard error is at most sqrt(4 + 1) times that of one. Chance exceeds four of
// those once in 16000 times, and the seed is fixed.

#include <math.h>
#include <string.h>

#include "job/script_trial.h"

enum { SIDE = 200, STEPS = 40, DIM = SFM_MIXTURE_DIM };
enum { NUM_MOMENTS = DIM + DIM * (DIM + 1) / 2 }; // mean; covariance, one triangle

// Samplers that call the model more often than this in a step get fewer points, and
// so do models that solve the flow in each call; and fewer steps: it takes seconds.
enum { OFTEN = 4, FEW_STEPS = 20, FLOW_SIDE = 100, FLOW_STEPS = 2 };

// Where steps are so long that the 1 / n^2 outweighs chance, there are more of them.
enum { MOST_STEPS = 320 };

static const double num_errors = 4, start = 10;

typedef struct {
    double error[NUM_MOMENTS];          // in units of the data's deviation, or of its square
    double standard_error[NUM_MOMENTS]; // likewise
} Moments;

// The means of x and of x_i x_j, x being as far off the data's mean as it is.
static void products(SfmPoint x, SfmPoint mean, double out[NUM_MOMENTS])
{
    int m = 0;
    for (int i = 0; i < DIM; i++)
        out[m++] = x.of[i] - mean.of[i];
    for (int i = 0; i < DIM; i++) {
        for (int j = i; j < DIM; j++)
            out[m++] = out[i] * out[j];
    }
}

// What they are for the data, and the unit of each.
static void expect(double want[NUM_MOMENTS], double unit[NUM_MOMENTS])
{
    double covariance[DIM][DIM];
    int m = 0;
    sfm_mixture_covariance(covariance);
    for (int i = 0; i < DIM; i++, m++) {
        want[m] = 0;
        unit[m] = sqrt(covariance[i][i]);
    }
    for (int i = 0; i < DIM; i++) {
        for (int j = i; j < DIM; j++, m++) {
            want[m] = covariance[i][j];
            unit[m] = unit[i] * unit[j];
        }
    }
}

static void measure(const SfmAnalytic *analytic, const float *x, Moments *moments)
{
    const double num = (double)sfm_analytic_num_points(analytic);
    const SfmPoint mean = sfm_mixture_mean();
    double want[NUM_MOMENTS], unit[NUM_MOMENTS], sum[NUM_MOMENTS] = { 0 },
                                                 squares[NUM_MOMENTS] = { 0 };
    expect(want, unit);
    for (size_t i = 0; i < sfm_analytic_num_points(analytic); i++) {
        double out[NUM_MOMENTS];
        products(sfm_analytic_point(analytic, x, i), mean, out);
        for (int m = 0; m < NUM_MOMENTS; m++) {
            sum[m] += out[m];
            squares[m] += out[m] * out[m];
        }
    }
    for (int m = 0; m < NUM_MOMENTS; m++) {
        const double found = sum[m] / num;
        moments->error[m] = (found - want[m]) / unit[m];
        moments->standard_error[m] =
            sqrt(fmax(squares[m] / num - found * found, 0) / num) / unit[m];
    }
}

static double by_chance(const Moments *fine, int m)
{
    return num_errors * sqrt(5) * fine->standard_error[m];
}

static double by_length(const Moments *coarse, const Moments *fine, int m)
{
    return pow(fine->error[m] - coarse->error[m], 2);
}

// The worst of moments first .. end - 1, compared with what it may be.
static void judge(const Moments *coarse, const Moments *fine, int first, int end,
                  SfmScriptClaim *claim)
{
    *claim = (SfmScriptClaim){ .kept = true };
    double worst = -1;
    for (int m = first; m < end; m++) {
        const double error = fabs(2 * fine->error[m] - coarse->error[m]);
        const double bound = by_chance(fine, m) + by_length(coarse, fine, m);
        claim->kept = claim->kept && error <= bound; // false for NaN
        if (error / bound > worst) {
            worst = error / bound;
            claim->measured = error;
            claim->claimed = bound;
        }
    }
}

static void say(SfmExamination *e, const SfmScriptTrial *trial, const SfmScriptClaim *claim,
                const char *what, const char *unit)
{
    g_autofree char *sentence = g_strdup_printf(
        "what it draws has another %s than the data: %.3f away, in %s, where chance (four standard "
        "errors) and finite steps explain %.3f",
        what, claim->measured, unit, claim->claimed);
    if (!claim->kept)
        sfm_examination_problem(e, sentence, trial->settings);
}

static bool is_flow(const SfmExamination *e)
{
    return strcmp(e->kind->prediction, "consistency") == 0;
}

static uint32_t choose_side(const SfmExamination *e, const SfmScriptTrial *trial)
{
    const double often = fmax(trial->evals.claimed / OFTEN, 1);
    return is_flow(e) ? FLOW_SIDE : (uint32_t)(SIDE / sqrt(often));
}

static int choose_steps(const SfmExamination *e, const SfmScriptTrial *trial)
{
    if (is_flow(e))
        return FLOW_STEPS;
    return trial->evals.claimed > OFTEN ? FEW_STEPS : STEPS;
}

static bool has_long_steps(const Moments moments[2])
{
    bool found = false;
    for (int m = 0; m < NUM_MOMENTS; m++)
        found |= by_length(&moments[0], &moments[1], m) > by_chance(&moments[1], m);
    return found;
}

// The moments after n and after 2 n steps. False: a run failed.
static bool run_twice(SfmExamination *e, const SfmScriptTrial *trial, Moments moments[2])
{
    g_autoptr(SfmAnalytic) analytic = sfm_analytic_new(e->kind, 1, choose_side(e, trial));
    g_autofree float *x = g_new(float, sfm_analytic_count(analytic));
    const int first = choose_steps(e, trial), most = first == STEPS ? MOST_STEPS : 2 * first;
    for (int n = first; n <= 2 * first || (n <= most && has_long_steps(moments)); n *= 2) {
        moments[0] = moments[1];
        if (!sfm_trial_run(e, trial, analytic, n, start, 0, x, NULL))
            return false;
        measure(analytic, x, &moments[1]);
    }
    return true;
}

void sfm_trial_law(SfmExamination *e, SfmScriptTrial *trial)
{
    Moments moments[2] = { 0 };
    if (!run_twice(e, trial, moments))
        return;
    judge(&moments[0], &moments[1], 0, DIM, &trial->mean);
    judge(&moments[0], &moments[1], DIM, NUM_MOMENTS, &trial->covariance);
    trial->standard_error = moments[1].standard_error[0];
    say(e, trial, &trial->mean, "mean", "the data's deviations");
    say(e, trial, &trial->covariance, "covariance", "the data's variances");
}
