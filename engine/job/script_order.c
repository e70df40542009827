// SPDX-License-Identifier: GPL-3.0-or-later
//
// Halving the length of the steps must divide the error by 2 ^ order. The error is
// the distance from where the probability flow leads, solved in double to 1e-9.
//
// Tensors are float32: from level 80 down, rounding alone leaves an error of 5e-7
// (measured with a method of order 4 at 256 and 512 steps). So only errors of four
// times that count, and a method of order 4 is measured between 96 and 192 steps.
// Numbers of steps are divisible by 3 and 2, for methods that take steps in such
// groups and have a lower order in what is left.

#include <math.h>

#include "job/script_trial.h"

#define LEAST_ERROR 2e-6
#define MISSED      0.3 // by which a measured order may fall short
#define BEYOND      0.7 // by which it must exceed a claim to be worth a remark
#define END_ERROR   0.1 // at 0, after 64 steps; Euler's method leaves 0.02

enum { SIDE = 8, FIRST_STEPS = 12, MOST_STEPS = 192, END_STEPS = 64, FLOW_STEPS = 2000 };

static const double lowest = 0.1; // level: low enough for the data to be resolved

// Root of the mean square of the difference, a coordinate.
static double distance(const SfmAnalytic *analytic, const float *x, const SfmPoint *exact)
{
    const size_t num = sfm_analytic_num_points(analytic);
    double sum = 0;
    for (size_t i = 0; i < num; i++) {
        const SfmPoint point = sfm_analytic_point(analytic, x, i);
        for (int c = 0; c < SFM_MIXTURE_DIM; c++)
            sum += pow(point.of[c] - exact[i].of[c], 2);
    }
    return sqrt(sum / (double)(num * SFM_MIXTURE_DIM));
}

// Where the flow takes the start; x is [count], for the start.
static SfmPoint *solve(const SfmAnalytic *analytic, double from, double to, float *x)
{
    const size_t num = sfm_analytic_num_points(analytic);
    SfmPoint *exact = g_new(SfmPoint, num);
    sfm_analytic_start(analytic, 1, 0, from, x);
    for (size_t i = 0; i < num; i++)
        exact[i] = sfm_mixture_flow(sfm_analytic_point(analytic, x, i), from, to, FLOW_STEPS);
    return exact;
}

// The slope between the last two numbers of steps at which rounding does not
// matter; infinite where it matters from the first. False: a run failed.
static bool measure(SfmExamination *e, const SfmScriptTrial *trial, SfmAnalytic *analytic,
                    double *order, int *num_steps)
{
    const double from = sfm_trial_highest(analytic);
    g_autofree float *x = g_new(float, sfm_analytic_count(analytic));
    g_autofree SfmPoint *exact = solve(analytic, from, lowest, x);
    double coarse = 0;
    *order = INFINITY;
    for (int n = FIRST_STEPS; n <= MOST_STEPS; n *= 2) {
        if (!sfm_trial_run(e, trial, analytic, n, from, lowest, x, NULL))
            return false;
        const double fine = distance(analytic, x, exact);
        if (fine < LEAST_ERROR)
            return true;
        if (coarse > 0)
            *order = log2(coarse / fine);
        *num_steps = n;
        coarse = fine;
    }
    return true;
}

static void judge(SfmExamination *e, SfmScriptTrial *trial, int num_steps)
{
    const int claimed = (int)trial->order.claimed;
    const double measured = trial->order.measured;
    trial->order.kept = measured >= claimed - MISSED;
    g_autofree char *sentence =
        g_strdup_printf("claims order %d; measured between %d and %d steps it is %.2f", claimed,
                        num_steps / 2, num_steps, measured);
    if (!trial->order.kept)
        sfm_examination_problem(e, sentence, trial->settings);
    else if (measured > claimed + BEYOND && isfinite(measured))
        sfm_examination_remark(e, sentence, trial->settings);
}

void sfm_trial_order(SfmExamination *e, SfmScriptTrial *trial)
{
    g_autoptr(SfmAnalytic) analytic = sfm_analytic_new(e->kind, 1, SIDE);
    int num_steps = FIRST_STEPS;
    if (!measure(e, trial, analytic, &trial->order.measured, &num_steps))
        return;
    judge(e, trial, num_steps);
}

// A step to 0 is unlike all others: h is infinite in log sigma, divisions by b fail.
void sfm_trial_end(SfmExamination *e, SfmScriptTrial *trial)
{
    g_autoptr(SfmAnalytic) analytic = sfm_analytic_new(e->kind, 1, SIDE);
    const double from = sfm_trial_highest(analytic), nearly = 1e-4;
    g_autofree float *x = g_new(float, sfm_analytic_count(analytic));
    g_autofree SfmPoint *exact = solve(analytic, from, nearly, x);
    if (!sfm_trial_run(e, trial, analytic, END_STEPS, from, 0, x, NULL))
        return;
    const double error = distance(analytic, x, exact);
    g_autofree char *sentence = g_strdup_printf(
        "%d steps to level 0 end %.3g away from where the probability flow does, in pictures of "
        "-1 .. 1",
        END_STEPS, error);
    if (!(error <= END_ERROR))
        sfm_examination_problem(e, sentence, trial->settings);
}
