// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_FILE_CONFIG_H
#define SFM_FILE_CONFIG_H

#include <stdint.h>

#include <glib.h>

#include "base/error.h"

// What a published folder's JSON files say, checked: types, ranges, and that
// nothing is asked for that is not supported. Defaults of absent keys are those
// of diffusers (v0.35).

#define SFM_MAX_BLOCKS 16

typedef enum { SFM_TIME_POSITIONAL, SFM_TIME_FOURIER, SFM_TIME_LEARNED } SfmTimeEmbedding;
typedef enum {
    SFM_CLASS_NONE,
    SFM_CLASS_TABLE,
    SFM_CLASS_TIMESTEP,
    SFM_CLASS_IDENTITY
} SfmClassEmbedding;
typedef enum { SFM_ACT_SILU, SFM_ACT_RELU, SFM_ACT_GELU, SFM_ACT_MISH } SfmActName;

// The kinds of block, their `UNetRes` prefix stripped. A down block and the up
// block of the same kind share a word.
typedef enum {
    SFM_BLOCK_PLAIN,     // DownBlock2D, UpBlock2D
    SFM_BLOCK_ATTN,      // AttnDownBlock2D, AttnUpBlock2D
    SFM_BLOCK_RESNET,    // ResnetDownsampleBlock2D, ResnetUpsampleBlock2D
    SFM_BLOCK_SKIP,      // SkipDownBlock2D, SkipUpBlock2D
    SFM_BLOCK_ATTN_SKIP, // AttnSkipDownBlock2D, AttnSkipUpBlock2D
} SfmBlockKind;

// config.json of a UNet2DModel.
typedef struct {
    uint32_t in_channels, out_channels;
    uint32_t sample_height, sample_width; // 0: not said
    uint32_t num_blocks;
    SfmBlockKind down_blocks[SFM_MAX_BLOCKS], up_blocks[SFM_MAX_BLOCKS];
    uint32_t block_channels[SFM_MAX_BLOCKS];
    uint32_t layers_per_block;
    bool center_input_sample, flip_sin_to_cos, add_attention, mid_block;
    bool scale_shift;            // resnet_time_scale_shift "scale_shift"
    bool downsample_resnet;      // downsample_type "resnet"; else "conv"
    bool upsample_resnet;        // upsample_type
    uint32_t downsample_padding; // 0 or 1
    double freq_shift;
    double mid_block_scale_factor;
    double norm_eps;
    SfmActName act;
    uint32_t attention_head_dim; // 0: one head as wide as the block (JSON null)
    uint32_t norm_groups;        // 0: null
    uint32_t attn_norm_groups;   // 0: null
    SfmTimeEmbedding time_embedding;
    uint32_t time_embedding_dim;  // 0: four times the first block's channels
    uint32_t num_train_timesteps; // of a learned time embedding; 0: not said
    SfmClassEmbedding class_embedding;
    uint32_t num_class_embeds; // rows of the table; 0: none
} SfmUnetConfig;

typedef enum {
    SFM_PREDICT_EPSILON,
    SFM_PREDICT_V,
    SFM_PREDICT_SAMPLE,
    SFM_PREDICT_SCORE,
    SFM_PREDICT_CONSISTENCY
} SfmPrediction;
typedef enum {
    SFM_VARIANCE_FIXED_SMALL,
    SFM_VARIANCE_FIXED_SMALL_LOG,
    SFM_VARIANCE_FIXED_LARGE,
    SFM_VARIANCE_LEARNED,
    SFM_VARIANCE_LEARNED_RANGE,
} SfmVariance;
typedef enum { SFM_SPACING_LEADING, SFM_SPACING_LINSPACE, SFM_SPACING_TRAILING } SfmSpacing;
typedef enum {
    SFM_BETAS_LINEAR,
    SFM_BETAS_SCALED_LINEAR,
    SFM_BETAS_COSINE,
    SFM_BETAS_SIGMOID,
    SFM_BETAS_EXP,
    SFM_BETAS_LAPLACE,
    SFM_BETAS_TRAINED,
} SfmBetas;

// The published solvers' families, and how they take their second order.
typedef enum {
    SFM_ALGORITHM_DPM,        // "dpmsolver": on noise
    SFM_ALGORITHM_DPM_PP,     // "dpmsolver++": on clean estimates
    SFM_ALGORITHM_SDE_DPM,    // "sde-dpmsolver"
    SFM_ALGORITHM_SDE_DPM_PP, // "sde-dpmsolver++"
    SFM_ALGORITHM_DEIS,
} SfmAlgorithm;
typedef enum {
    SFM_SOLVER_MIDPOINT,
    SFM_SOLVER_HEUN,
    SFM_SOLVER_BH1,
    SFM_SOLVER_BH2,
    SFM_SOLVER_LOGRHO,
} SfmSolverType;
typedef enum { SFM_FINAL_ZERO, SFM_FINAL_SIGMA_MIN } SfmFinalSigma;
typedef enum { SFM_TIMESTEPS_DISCRETE, SFM_TIMESTEPS_CONTINUOUS } SfmTimestepType;
typedef enum { SFM_SIGMAS_KARRAS, SFM_SIGMAS_EXPONENTIAL } SfmSigmaSchedule;
typedef enum { SFM_INTERPOLATION_LINEAR, SFM_INTERPOLATION_LOG_LINEAR } SfmInterpolation;

// scheduler_config.json. Of a class that is not known here it is read with the
// defaults that most classes have; which classes a sampler stands for is in
// job/published.h. What a class does not do is false whatever its file says:
// clip_sample where it does not clip, and thresholding.
typedef struct {
    char *class_name; // "DDPMScheduler"; owned
    uint32_t num_train_timesteps;
    SfmBetas betas;
    double beta_start, beta_end;
    double *trained_betas; // [num_train_timesteps] for SFM_BETAS_TRAINED; owned
    bool rescale_zero_snr;
    double terminal_abar; // that the class puts where rescaling makes abar 0; 0: it leaves it
    SfmPrediction prediction;
    SfmVariance variance;

    bool clip_sample; // clip_denoised of consistency models, too
    double clip_range;
    bool thresholding;
    double threshold_ratio, sample_max_value;

    SfmSpacing spacing;
    int steps_offset;
    bool use_karras_sigmas, use_exponential_sigmas, use_beta_sigmas; // one of them at most
    bool use_lu_lambdas, use_flow_sigmas;
    SfmInterpolation interpolation;
    SfmTimestepType timestep_type;
    SfmFinalSigma final_sigma;
    double lambda_min_clipped;   // -INFINITY: none
    double sigma_min, sigma_max; // 0: not said

    bool set_alpha_to_one, skip_prk_steps;
    SfmAlgorithm algorithm; // as the class takes it: a solver of another class is its own default
    SfmSolverType solver_type; // likewise
    uint32_t solver_order;
    bool lower_order_final, euler_at_final, predict_x0;
    uint32_t *disable_corrector; // [num_disable_corrector]; indices of steps; owned
    size_t num_disable_corrector;
    bool solver_p; // whether another scheduler predicts

    double rho, sigma_data, s_noise; // of consistency models and EDM
    SfmSigmaSchedule sigma_schedule; // of EDM
    double snr;                      // of the score SDE's corrector
    uint32_t correct_steps;          // likewise; 0: none
} SfmSchedulerConfig;

// Our own sfumato.json; every field has a default, so that a folder without a
// card works.
typedef struct {
    char *title, *description, *license, *attribution; // owned; NULL: not said
    uint32_t patch;      // space-to-depth factor around the network; 1: none
    bool gray;           // "channels": "gray"
    char **classes;      // owned; NULL-terminated; NULL: none named
    int null_class;      // the label that means no class; -1: none, guidance is refused
    uint32_t *untrained; // [num_untrained]; labels that mean nothing; owned
    size_t num_untrained;
    bool tileable, photographs;
    uint32_t width, height;   // in pixels; 0: not said
    char *schedule, *sampler; // owned; NULL: not said
    uint32_t steps;           // 0: not said
    double guidance;          // 0: not said
} SfmCard;

// Each reads one file. False with SFM_ERROR_BAD_FILE or SFM_ERROR_UNSUPPORTED,
// the message "PATH: FIELD: what is wrong with VALUE". On failure the struct is
// left as it was. clear() takes a zeroed struct.
bool sfm_unet_config_read(const char *path, SfmUnetConfig *config, GError **error);
bool sfm_scheduler_config_read(const char *path, SfmSchedulerConfig *config, GError **error);

// The same, as another class reads that file: some pipelines bring their own.
bool sfm_scheduler_config_read_as(const char *path, const char *class_name,
                                  SfmSchedulerConfig *config, GError **error);
void sfm_scheduler_config_clear(SfmSchedulerConfig *config);
bool sfm_card_read(const char *path, SfmCard *card, GError **error);
void sfm_card_default(SfmCard *card); // that of a folder without one
void sfm_card_clear(SfmCard *card);

#endif
