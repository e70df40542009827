// SPDX-License-Identifier: GPL-3.0-or-later
//
// The schedulers of diffusers that step in log sigma.
//
// What must stay true: a run makes what diffusers makes, or is refused by name.
// We do better where diffusers ends in NaN: a last step to 0 lands on the clean
// estimate whatever its order (UniPC with bh1, or without lower_order_final;
// DPMSolverSinglestep of order 3 in 3 n + 2 steps).

#include <math.h>

#include "job/published_row.h"

#define FEW_STEPS 15 // below it, lower_order_final lowers the last two

// ---- levels ------------------------------------------------------------------------

// Spreads run over the whole table. Their timesteps become integers: to the
// nearest, or cut off where diffusers forgets to round.
static bool set_spread(const SfmSchedulerConfig *config, bool nearest, SfmPublished *published,
                       GError **error)
{
    sfm_published_set(published, "schedule.spread_over", "table");
    sfm_published_set(published, "schedule.rounded", nearest ? "nearest" : "down");
    sfm_published_set(published, "schedule.final",
                      config->final_sigma == SFM_FINAL_ZERO ? "zero" : "sigma_min");
    return sfm_published_set_spread(config, published, error);
}

// One more point than there are steps is placed, and the last is dropped.
static void set_points(const SfmSchedulerConfig *config, SfmPublished *published)
{
    sfm_published_set_spacing(config, published);
    sfm_published_set(published, "schedule.points", "steps+1");
}

static void set_lambda_min(const SfmSchedulerConfig *config, SfmPublished *published)
{
    if (isfinite(config->lambda_min_clipped))
        sfm_published_set_number(published, "schedule.lambda_min", config->lambda_min_clipped);
}

// ---- DPM-Solver --------------------------------------------------------------------

static const char *solver(const SfmSchedulerConfig *config)
{
    return config->solver_type == SFM_SOLVER_HEUN ? "heun" : "midpoint";
}

static int order_of(const SfmSchedulerConfig *config)
{
    return (int)MIN(config->solver_order, 3); // the multistep classes take more as 3
}

static bool predicts_noise(const SfmSchedulerConfig *config)
{
    return config->algorithm == SFM_ALGORITHM_DPM || config->algorithm == SFM_ALGORITHM_SDE_DPM;
}

static bool is_sde(const SfmSchedulerConfig *config)
{
    return config->algorithm == SFM_ALGORITHM_SDE_DPM ||
           config->algorithm == SFM_ALGORITHM_SDE_DPM_PP;
}

// What diffusers refuses, too, or does not get through.
static bool check_solver(const SfmSchedulerConfig *config, GError **error)
{
    const bool sde = config->algorithm == SFM_ALGORITHM_SDE_DPM;

    if (predicts_noise(config) && config->final_sigma == SFM_FINAL_ZERO)
        return sfm_published_refuse(config,
                                    sde ? "final_sigmas_type zero of algorithm_type sde-dpmsolver"
                                        : "final_sigmas_type zero of algorithm_type dpmsolver",
                                    error);
    if (sde && config->solver_order > 2)
        return sfm_published_refuse(config, "solver_order 3 of algorithm_type sde-dpmsolver",
                                    error);
    return true;
}

// How many of the last steps are of lower order.
static int num_lowered(const SfmSchedulerConfig *config, int num_steps)
{
    if (config->lower_order_final && num_steps < FEW_STEPS)
        return order_of(config) - 1;
    return config->euler_at_final && config->solver_order > 1 ? 1 : 0;
}

// Of first order: in the direction of the clean estimate, or the posterior's draw.
static void set_first_order(const SfmSchedulerConfig *config, SfmPublished *published)
{
    published->sampler = is_sde(config) ? "ddpm" : "euler";
    if (is_sde(config))
        sfm_published_set(published, "sampler.variance", "small");
}

static void set_multistep(const SfmSchedulerConfig *config, int num_steps, SfmPublished *published)
{
    const int order = order_of(config);

    if (predicts_noise(config)) {
        published->sampler = is_sde(config) ? "dpm-multistep-sde" : "dpm-multistep";
        sfm_published_set_int(published, "sampler.order", order);
    } else if (order == 1) {
        set_first_order(config, published);
        return;
    } else if (order == 2) {
        published->sampler = is_sde(config) ? "dpmpp-2m-sde" : "dpmpp-2m";
    } else {
        published->sampler = is_sde(config) ? "dpmpp-3m-sde" : "dpmpp-3m";
        sfm_published_set(published, "sampler.curvature", is_sde(config) ? "diffusers" : "0.5");
    }
    sfm_published_set(published, "sampler.solver", solver(config));
    sfm_published_set_int(published, "sampler.lowered", num_lowered(config, num_steps));
}

static bool fill_multistep(const SfmSchedulerConfig *config, int num_steps, SfmPublished *published,
                           GError **error)
{
    if (!check_solver(config, error))
        return false;
    set_points(config, published);
    set_lambda_min(config, published);
    set_multistep(config, num_steps, published);
    const bool nearest =
        (config->use_karras_sigmas || config->use_lu_lambdas) && config->betas != SFM_BETAS_COSINE;
    if (!set_spread(config, nearest, published, error))
        return false;
    if (config->use_lu_lambdas && !config->use_karras_sigmas)
        sfm_published_set(published, "schedule.spread", "exponential"); // even in lambda
    return true;
}

// The class knows no spacing. It does not ask for whole groups of levels: it
// lowers the last step instead, as it does before 0.
static bool fill_singlestep(const SfmSchedulerConfig *config, int num_steps,
                            SfmPublished *published, GError **error)
{
    const int order = (int)config->solver_order;

    if (order > 3)
        return sfm_published_refuse(config, "a solver_order above 3", error);
    if (!check_solver(config, error))
        return false;
    if (config->algorithm == SFM_ALGORITHM_SDE_DPM_PP && order > 2)
        return sfm_published_refuse(config, "solver_order 3 of algorithm_type sde-dpmsolver++",
                                    error);
    if (config->algorithm == SFM_ALGORITHM_SDE_DPM && order > 1)
        return sfm_published_refuse(config, "solver_order 2 of algorithm_type sde-dpmsolver",
                                    error);

    sfm_published_set(published, "schedule.spacing", "linspace");
    sfm_published_set(published, "schedule.points", "steps+1");
    set_lambda_min(config, published);
    if (order == 1) {
        set_multistep(config, num_steps, published);
    } else {
        published->sampler = predicts_noise(config) ? "dpm-singlestep" : "dpmpp-singlestep";
        sfm_published_set_int(published, "sampler.order", order);
        sfm_published_set(published, "sampler.solver", solver(config));
        sfm_published_set_bool(published, "sampler.lowered",
                               config->lower_order_final || num_steps % order != 0);
        if (is_sde(config))
            sfm_published_set_int(published, "sampler.eta", 1);
    }
    return set_spread(config, config->use_karras_sigmas, published, error);
}

// DPMSolverSDE steps as Euler does, over levels that are not rounded. Its noise
// is that of torchsde's Brownian tree: ours is as much, but other.
static bool fill_sde(const SfmSchedulerConfig *config, int num_steps, SfmPublished *published,
                     GError **error)
{
    if (config->prediction == SFM_PREDICT_SAMPLE)
        return sfm_published_refuse(config, "prediction_type sample", error);
    sfm_published_set_spacing(config, published);
    sfm_published_set_bool(published, "schedule.fractional", true);
    sfm_published_set(published, "schedule.spread_over", "run");
    return sfm_published_set_spread(config, published, error);
}

// ---- UniPC, DEIS -------------------------------------------------------------------

// "1, 2": ours are counted from 1. Those beyond the run's end are left out: they
// may be more than a knob's text can hold.
static void set_uncorrected(const SfmSchedulerConfig *config, int num_steps,
                            SfmPublished *published)
{
    g_autoptr(GString) numbers = g_string_new(NULL);

    for (size_t i = 0; i < config->num_disable_corrector; i++) {
        if (config->disable_corrector[i] < (uint32_t)num_steps)
            g_string_append_printf(numbers, "%s%" G_GUINT64_FORMAT, numbers->len > 0 ? ", " : "",
                                   (guint64)config->disable_corrector[i] + 1);
    }
    sfm_published_set(published, "sampler.uncorrected", numbers->str);
}

static bool fill_unipc(const SfmSchedulerConfig *config, int num_steps, SfmPublished *published,
                       GError **error)
{
    if (config->solver_p)
        return sfm_published_refuse(config, "solver_p", error);
    if (config->solver_order > 3)
        return sfm_published_refuse(config, "a solver_order above 3", error);

    set_points(config, published);
    sfm_published_set_int(published, "sampler.order", (int)config->solver_order);
    sfm_published_set(published, "sampler.solver",
                      config->solver_type == SFM_SOLVER_BH1 ? "bh1" : "bh2");
    sfm_published_set(published, "sampler.predict", config->predict_x0 ? "data" : "noise");
    sfm_published_set_int(published, "sampler.lowered", config->lower_order_final ? 2 : 0);
    set_uncorrected(config, num_steps, published);
    return set_spread(config, config->use_karras_sigmas, published, error);
}

static bool fill_deis(const SfmSchedulerConfig *config, int num_steps, SfmPublished *published,
                      GError **error)
{
    set_points(config, published);
    sfm_published_set_int(published, "sampler.order", order_of(config));
    sfm_published_set_int(published, "sampler.lowered",
                          config->lower_order_final && num_steps < FEW_STEPS ? 2 : 0);
    return set_spread(config, config->use_karras_sigmas, published, error);
}

const SfmPublishedRow sfm_published_dpm[] = {
    { "DPMSolverMultistepScheduler", "trained", "dpmpp-2m", SFM_START_VP, fill_multistep },
    { "DPMSolverSinglestepScheduler", "trained", "dpmpp-singlestep", SFM_START_VP,
      fill_singlestep },
    { "DPMSolverSDEScheduler", "trained", "dpmpp-sde", SFM_START_SIGMA_UNLESS_LEADING, fill_sde },
    { "UniPCMultistepScheduler", "trained", "unipc", SFM_START_VP, fill_unipc },
    { "DEISMultistepScheduler", "trained", "deis", SFM_START_VP, fill_deis },
    { 0 },
};
