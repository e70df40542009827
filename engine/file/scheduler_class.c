// SPDX-License-Identifier: GPL-3.0-or-later
//
// After diffusers v0.35, src/diffusers/schedulers: the arguments of each class's
// __init__ and their defaults.

#include "file/scheduler_class.h"

#include <string.h>

static void leading(SfmSchedulerConfig *config)
{
    config->spacing = SFM_SPACING_LEADING;
}

static void pndm(SfmSchedulerConfig *config)
{
    config->spacing = SFM_SPACING_LEADING;
    config->set_alpha_to_one = false;
}

static void latent_betas(SfmSchedulerConfig *config)
{
    config->beta_start = 0.00085;
    config->beta_end = 0.012;
}

static void heun(SfmSchedulerConfig *config)
{
    latent_betas(config);
    config->clip_sample = false;
}

static void distilled(SfmSchedulerConfig *config)
{
    latent_betas(config);
    config->betas = SFM_BETAS_SCALED_LINEAR;
    config->spacing = SFM_SPACING_LEADING;
    config->clip_sample = false;
}

static void singlestep(SfmSchedulerConfig *config)
{
    config->lower_order_final = false;
}

static void score(SfmSchedulerConfig *config)
{
    config->prediction = SFM_PREDICT_SCORE;
    config->num_train_timesteps = 2000;
    config->sigma_min = 0.01;
    config->sigma_max = 1348;
}

static void consistency(SfmSchedulerConfig *config)
{
    config->prediction = SFM_PREDICT_CONSISTENCY;
    config->num_train_timesteps = 40;
    config->sigma_min = 0.002;
    config->sigma_max = 80;
}

static void edm(SfmSchedulerConfig *config)
{
    config->sigma_min = 0.002;
    config->sigma_max = 80;
}

// What a class heeds. DEIS ends at sigma_min whatever its file says; rescaling
// to zero SNR ends at abar = 0, or at the least number that half precision has.
enum {
    CLIPS = 1,
    THRESHOLDS = 2,
    ENDS_AS_TOLD = 4,
    ENDS_AT_SIGMA_MIN = 8,
    PREDICTS_ITS_OWN = 16,
    RESCALES = 32,
    RESCALES_TO_LEAST = 64
};

// NULL: the defaults that most have.
static const struct {
    const char *name;
    unsigned does;
    void (*begin)(SfmSchedulerConfig *config);
} classes[] = {
    { "DDPMScheduler", CLIPS | THRESHOLDS | RESCALES, leading },
    { "DDPMParallelScheduler", CLIPS | THRESHOLDS | RESCALES, leading },
    { "DDIMScheduler", CLIPS | THRESHOLDS | RESCALES, leading },
    { "DDIMParallelScheduler", CLIPS | THRESHOLDS | RESCALES, leading },
    { "RePaintScheduler", CLIPS, leading },
    { "PNDMScheduler", 0, pndm },
    { "DPMSolverMultistepScheduler", THRESHOLDS | ENDS_AS_TOLD | RESCALES_TO_LEAST, NULL },
    { "DPMSolverSinglestepScheduler", THRESHOLDS | ENDS_AS_TOLD, singlestep },
    { "DPMSolverSDEScheduler", 0, latent_betas },
    { "DEISMultistepScheduler", THRESHOLDS | ENDS_AT_SIGMA_MIN, NULL },
    { "UniPCMultistepScheduler", THRESHOLDS | ENDS_AS_TOLD | RESCALES_TO_LEAST, NULL },
    { "SASolverScheduler", THRESHOLDS, NULL },
    { "EulerDiscreteScheduler", ENDS_AS_TOLD | RESCALES_TO_LEAST, NULL },
    { "EulerAncestralDiscreteScheduler", RESCALES_TO_LEAST, NULL },
    { "HeunDiscreteScheduler", CLIPS, heun },
    { "LMSDiscreteScheduler", 0, NULL },
    { "KDPM2DiscreteScheduler", 0, latent_betas },
    { "KDPM2AncestralDiscreteScheduler", 0, latent_betas },
    { "IPNDMScheduler", 0, NULL },
    { "LCMScheduler", CLIPS | THRESHOLDS | RESCALES, distilled },
    { "TCDScheduler", CLIPS | THRESHOLDS | RESCALES, distilled },
    { "EDMEulerScheduler", ENDS_AS_TOLD, edm },
    { "EDMDPMSolverMultistepScheduler", THRESHOLDS | ENDS_AS_TOLD, edm },
    { "ScoreSdeVeScheduler", PREDICTS_ITS_OWN, score },
    { "CMStochasticIterativeScheduler", CLIPS | PREDICTS_ITS_OWN, consistency },
};

// -1: a class that is not known.
static int find(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(classes); i++) {
        if (strcmp(classes[i].name, name) == 0)
            return (int)i;
    }
    return -1;
}

void sfm_scheduler_class_begin(SfmSchedulerConfig *config)
{
    const int i = find(config->class_name);

    if (g_str_has_prefix(config->class_name, "UniPC"))
        config->solver_type = SFM_SOLVER_BH2;
    if (g_str_has_prefix(config->class_name, "DEIS")) {
        config->algorithm = SFM_ALGORITHM_DEIS;
        config->solver_type = SFM_SOLVER_LOGRHO;
    }
    if (i >= 0 && classes[i].begin)
        classes[i].begin(config);
}

// A solver of another class, as a file has that once was another class's, is
// its own default.
static void adopt_solver(SfmSchedulerConfig *config)
{
    const bool dpm = g_str_has_prefix(config->class_name, "DPMSolver") ||
                     g_str_has_prefix(config->class_name, "EDMDPMSolver");
    const bool unipc = g_str_has_prefix(config->class_name, "UniPC");
    const SfmSolverType solver = config->solver_type;

    if (dpm && solver != SFM_SOLVER_MIDPOINT && solver != SFM_SOLVER_HEUN)
        config->solver_type = SFM_SOLVER_MIDPOINT;
    if (dpm && config->algorithm == SFM_ALGORITHM_DEIS)
        config->algorithm = SFM_ALGORITHM_DPM_PP;
    if (unipc && solver != SFM_SOLVER_BH1 && solver != SFM_SOLVER_BH2)
        config->solver_type = SFM_SOLVER_BH2;
    if (g_str_has_prefix(config->class_name, "DEIS")) {
        config->algorithm = SFM_ALGORITHM_DEIS;
        config->solver_type = SFM_SOLVER_LOGRHO;
    }
}

void sfm_scheduler_class_end(SfmSchedulerConfig *config)
{
    const int i = find(config->class_name);
    const unsigned does = i < 0 ? CLIPS | THRESHOLDS | ENDS_AS_TOLD | RESCALES : classes[i].does;

    adopt_solver(config);
    config->rescale_zero_snr &= (does & (RESCALES | RESCALES_TO_LEAST)) != 0;
    if (config->rescale_zero_snr && does & RESCALES_TO_LEAST)
        config->terminal_abar = 0x1p-24;
    if (does & PREDICTS_ITS_OWN)
        config->prediction = g_str_has_prefix(config->class_name, "Score")
                                 ? SFM_PREDICT_SCORE
                                 : SFM_PREDICT_CONSISTENCY;
    config->clip_sample &= (does & CLIPS) != 0;
    config->thresholding &= (does & THRESHOLDS) != 0;
    if (!(does & ENDS_AS_TOLD))
        config->final_sigma = does & ENDS_AT_SIGMA_MIN ? SFM_FINAL_SIGMA_MIN : SFM_FINAL_ZERO;
}
