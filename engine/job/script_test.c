// SPDX-License-Identifier: GPL-3.0-or-later
//
// Claims, measured on the exact denoiser of a mixture of Gaussians. What a schedule
// claims, levels for a model, is what its check is about.

#include <math.h>
#include <string.h>

#include "job/script_trial.h"

enum { SIDE = 8, SEED = 1, OTHER_SEED = 2 };

double sfm_trial_highest(const SfmAnalytic *analytic)
{
    return fmin(sfm_analytic_model(analytic)->sigma_max, 80);
}

// Noise of one seed on the start that seed 1 gives.
static bool run_with(SfmExamination *e, const SfmScriptTrial *trial, SfmAnalytic *analytic,
                     const SfmLevels *levels, uint32_t seed, uint32_t first_image, float *x,
                     SfmAnalyticCost *cost)
{
    g_autoptr(GError) error = NULL;
    sfm_analytic_start(analytic, SEED, first_image, levels->sigma[0], x);
    e->report->num_runs++;
    if (sfm_analytic_sample(analytic, e->script, levels, seed, first_image, x, cost, &error))
        return true;
    g_autofree char *when = g_strdup_printf("%s%s%zu steps", trial->settings,
                                            *trial->settings ? ", " : "", levels->num - 1);
    sfm_examination_problem(e, error->message, when);
    return false;
}

bool sfm_trial_run(SfmExamination *e, const SfmScriptTrial *trial, SfmAnalytic *analytic,
                   int num_steps, double from, double to, float *x, SfmAnalyticCost *cost)
{
    g_auto(SfmLevels) levels = { 0 };
    sfm_examination_levels(&levels, (size_t)num_steps, from,
                           sfm_analytic_model(analytic)->sigma_min, to);
    return run_with(e, trial, analytic, &levels, SEED, 0, x, cost);
}

// ---- repeatability ----------------------------------------------------------

typedef struct {
    uint32_t seed, first_image; // of the noise
} Draw;

static bool same(const float *a, const float *b, size_t count)
{
    return memcmp(a, b, count * sizeof *a) == 0;
}

// Says what is odd about the results of four draws: the first twice, one with the
// second image in the first place, one of another seed.
static void compare(SfmExamination *e, SfmScriptTrial *trial, float *const x[4], size_t count,
                    size_t of_image)
{
    const bool again = same(x[0], x[1], count);
    const bool elsewhere = of_image == count || same(x[0] + of_image, x[2], of_image);
    const bool other = !same(x[0], x[3], count);
    trial->repeatable = again && elsewhere;
    if (!again)
        sfm_examination_problem(e, "the same seed gives other numbers when it is run again",
                                trial->settings);
    else if (!elsewhere)
        sfm_examination_problem(e, "an image gets other numbers at another place in the batch",
                                trial->settings);
    if (other && !trial->stochastic)
        sfm_examination_problem(
            e, "draws noise: another seed gives other numbers; it must claim to be stochastic",
            trial->settings);
    else if (!other && trial->stochastic)
        sfm_examination_problem(e, "claims to be stochastic, but draws no noise", trial->settings);
}

void sfm_trial_repeat(SfmExamination *e, SfmScriptTrial *trial)
{
    static const Draw draws[] = { { SEED, 0 }, { SEED, 0 }, { SEED, 1 }, { OTHER_SEED, 0 } };
    const bool adaptive = e->report->info->adaptive;
    g_autoptr(SfmAnalytic) analytic = sfm_analytic_new(e->kind, adaptive ? 1 : 2, SIDE);
    const size_t count = sfm_analytic_count(analytic);
    g_autofree float *all = g_new(float, count *G_N_ELEMENTS(draws));
    float *x[G_N_ELEMENTS(draws)];
    g_auto(SfmLevels) levels = { 0 };
    sfm_examination_levels(&levels, 5, sfm_trial_highest(analytic),
                           sfm_analytic_model(analytic)->sigma_min, 0);
    for (size_t i = 0; i < G_N_ELEMENTS(draws); i++) {
        x[i] = all + i * count;
        if (!run_with(e, trial, analytic, &levels, draws[i].seed, draws[i].first_image, x[i], NULL))
            return;
    }
    compare(e, trial, x, count, adaptive ? count : count / 2);
}

// ---- cost -------------------------------------------------------------------

enum { STEPS = 32 };

// An adaptive one counts its own steps: what it does in one of ours says nothing.
static void judge_evals(SfmExamination *e, SfmScriptTrial *trial, int num_evals)
{
    if (e->report->info->adaptive) {
        trial->evals.claimed = NAN;
        return;
    }
    trial->evals.measured = (double)num_evals / STEPS;
    trial->evals.kept = fabs(trial->evals.measured - trial->evals.claimed) <= 0.1;
    g_autofree char *sentence = g_strdup_printf("claims to call the model %g times a step, and "
                                                "calls it %.4g times",
                                                trial->evals.claimed, trial->evals.measured);
    if (!trial->evals.kept)
        sfm_examination_problem(e, sentence, trial->settings);
}

// Calls are those of the second half of a run: methods of several steps begin
// otherwise.
void sfm_trial_cost(SfmExamination *e, SfmScriptTrial *trial)
{
    g_autoptr(SfmAnalytic) analytic = sfm_analytic_new(e->kind, 1, SIDE);
    g_autofree float *x = g_new(float, sfm_analytic_count(analytic));
    const double from = sfm_trial_highest(analytic), to = 0.1;
    SfmAnalyticCost few, many;
    if (!sfm_trial_run(e, trial, analytic, STEPS, from, to, x, &few) ||
        !sfm_trial_run(e, trial, analytic, 2 * STEPS, from, to, x, &many))
        return;
    judge_evals(e, trial, many.num_evals - few.num_evals);
    trial->milliseconds = 1e3 * many.seconds / (2 * STEPS);
    trial->kernels = (double)many.num_kernels / (2 * STEPS);
}

// ---- a trial ----------------------------------------------------------------

static SfmScriptTrial *begin(SfmExamination *e, const char *variant, const SfmScriptClaims *claims)
{
    const SfmScriptClaim none = { NAN, NAN, true };
    SfmScriptTrial *trial = g_new(SfmScriptTrial, 1);
    *trial = (SfmScriptTrial){
        .settings = g_strdup(variant),
        .order = none,
        .evals = { claims->evals, NAN, true },
        .mean = none,
        .covariance = none,
        .standard_error = NAN,
        .stochastic = claims->stochastic,
        .milliseconds = NAN,
        .kernels = NAN,
    };
    if (claims->order > 0)
        trial->order = (SfmScriptClaim){ claims->order, NAN, false };
    g_ptr_array_add(e->report->trials, trial);
    return trial;
}

static void try(SfmExamination *e, const char *variant)
{
    g_autoptr(GError) error = NULL;
    SfmScriptClaims claims;
    sfm_script_set_variant(e->script, variant);
    if (!sfm_script_claims(e->script, &claims, &error)) {
        sfm_examination_problem(e, error->message, variant);
        return;
    }
    SfmScriptTrial *trial = begin(e, variant, &claims);
    sfm_trial_repeat(e, trial);
    sfm_trial_cost(e, trial);
    if (claims.order > 0)
        sfm_trial_order(e, trial);
    if (claims.stochastic)
        sfm_trial_law(e, trial);
    else if (claims.order > 0 || e->report->info->adaptive)
        sfm_trial_end(e, trial);
    else
        sfm_examination_remark(
            e, "claims neither an order nor to be stochastic: where it leads is not tested",
            variant);
}

SfmScriptReport *sfm_script_test(const char *path)
{
    g_auto(SfmExamination) e;
    sfm_examination_init(&e, path);
    sfm_examination_check(&e);
    const bool works = e.report->problems->len == 0;
    if (works && e.report->info->kind == SFM_SCRIPT_SAMPLER) {
        g_auto(GStrv) variants = sfm_script_variants(e.script);
        for (char **variant = variants; *variant; variant++)
            try(&e, *variant);
    }
    return g_steal_pointer(&e.report);
}
