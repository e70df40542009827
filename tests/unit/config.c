// SPDX-License-Identifier: GPL-3.0-or-later
#include <math.h>

#include "file/config.h"

#include "scratch.h"

// What a config is to be refused for: the message has "KEY: REASON" in it.
typedef struct {
    const char *json;
    int code;
    const char *part;
} Refusal;

#define BAD    SFM_ERROR_BAD_FILE
#define UNABLE SFM_ERROR_UNSUPPORTED

static SfmUnetConfig read_unet(const char *json)
{
    g_autofree char *path = scratch_text("config.json", json);
    g_autoptr(GError) error = NULL;
    SfmUnetConfig config;
    sfm_unet_config_read(path, &config, &error);
    g_assert_no_error(error);
    return config;
}

static void absent_keys_take_the_published_defaults(void)
{
    const SfmUnetConfig c = read_unet("{}");

    g_assert_true(c.in_channels == 3 && c.out_channels == 3);
    g_assert_true(c.sample_height == 0 && c.sample_width == 0);
    g_assert_cmpuint(c.num_blocks, ==, 4);
    g_assert_true(c.block_channels[0] == 224 && c.block_channels[3] == 896);
    g_assert_true(c.down_blocks[0] == SFM_BLOCK_PLAIN && c.down_blocks[3] == SFM_BLOCK_ATTN);
    g_assert_true(c.up_blocks[0] == SFM_BLOCK_ATTN && c.up_blocks[3] == SFM_BLOCK_PLAIN);
    g_assert_cmpuint(c.layers_per_block, ==, 2);
    g_assert_true(c.flip_sin_to_cos && c.add_attention && c.mid_block);
    g_assert_false(c.center_input_sample || c.scale_shift);
    g_assert_false(c.downsample_resnet || c.upsample_resnet);
    g_assert_cmpuint(c.downsample_padding, ==, 1);
    g_assert_true(c.freq_shift == 0 && c.mid_block_scale_factor == 1 && c.norm_eps == 1e-5);
    g_assert_cmpuint(c.attention_head_dim, ==, 8);
    g_assert_true(c.norm_groups == 32 && c.attn_norm_groups == 0);
    g_assert_true(c.act == SFM_ACT_SILU && c.time_embedding == SFM_TIME_POSITIONAL);
    g_assert_true(c.class_embedding == SFM_CLASS_NONE && c.num_class_embeds == 0);
}

#define TWO_BLOCKS                                                                               \
    "\"block_out_channels\":[32,64],\"down_block_types\":[\"DownBlock2D\",\"AttnDownBlock2D\"]," \
    "\"up_block_types\":[\"AttnUpBlock2D\",\"UpBlock2D\"]"

static void what_is_said_is_read(void)
{
    const SfmUnetConfig c =
        read_unet("{\"_class_name\":\"UNet2DModel\",\"sample_size\":[24,40],\"in_channels\":1,"
                  "\"out_channels\":2,\"freq_shift\":1,\"flip_sin_to_cos\":false,\"downsample_"
                  "padding\":0,"
                  "\"mid_block_scale_factor\":1.5,\"norm_eps\":1e-06,\"norm_num_groups\":8,"
                  "\"attn_norm_num_groups\":4,\"layers_per_block\":3,\"add_attention\":false,"
                  "\"act_fn\":\"gelu\",\"center_input_sample\":true,\"downsample_type\":\"resnet\","
                  "\"upsample_type\":\"resnet\",\"resnet_time_scale_shift\":\"scale_shift\","
                  "\"time_embedding_dim\":40,\"mid_block_type\":null,\"dropout\":0.1,\"who\":{"
                  "\"knows\":1}," //
                  TWO_BLOCKS "}");

    g_assert_true(c.sample_height == 24 && c.sample_width == 40);
    g_assert_true(c.in_channels == 1 && c.out_channels == 2);
    g_assert_true(c.freq_shift == 1 && !c.flip_sin_to_cos && c.downsample_padding == 0);
    g_assert_true(c.mid_block_scale_factor == 1.5 && c.norm_eps == 1e-6);
    g_assert_true(c.norm_groups == 8 && c.attn_norm_groups == 4 && c.layers_per_block == 3);
    g_assert_true(!c.add_attention && !c.mid_block && c.center_input_sample);
    g_assert_true(c.act == SFM_ACT_GELU && c.downsample_resnet && c.upsample_resnet);
    g_assert_true(c.scale_shift && c.time_embedding_dim == 40);
    g_assert_true(c.num_blocks == 2 && c.down_blocks[1] == SFM_BLOCK_ATTN);
    g_assert_true(c.up_blocks[0] == SFM_BLOCK_ATTN && c.block_channels[1] == 64);
}

static void a_null_head_width_is_one_head(void)
{
    g_assert_cmpuint(read_unet("{\"attention_head_dim\":null}").attention_head_dim, ==, 0);
    g_assert_cmpuint(read_unet("{\"attention_head_dim\":16}").attention_head_dim, ==, 16);
}

static void old_block_names_lose_their_prefix(void)
{
    const SfmUnetConfig c =
        read_unet("{\"block_out_channels\":[32],\"down_block_types\":[\"UNetResDownBlock2D\"],"
                  "\"up_block_types\":[\"UNetResAttnUpBlock2D\"]}");
    g_assert_true(c.down_blocks[0] == SFM_BLOCK_PLAIN && c.up_blocks[0] == SFM_BLOCK_ATTN);
}

static void classes_come_in_three_ways(void)
{
    g_assert_cmpint(read_unet("{\"num_class_embeds\":11}").class_embedding, ==, SFM_CLASS_TABLE);
    g_assert_cmpint(read_unet("{\"class_embed_type\":\"timestep\"}").class_embedding, ==,
                    SFM_CLASS_TIMESTEP);
    g_assert_cmpint(
        read_unet("{\"class_embed_type\":\"identity\",\"num_class_embeds\":3}").class_embedding, ==,
        SFM_CLASS_IDENTITY);
}

static void skip_networks_need_no_groups(void)
{
    const SfmUnetConfig c =
        read_unet("{\"norm_num_groups\":null,\"time_embedding_type\":\"fourier\",\"block_out_"
                  "channels\":[8,32],"
                  "\"attention_head_dim\":null,"
                  "\"down_block_types\":[\"SkipDownBlock2D\",\"AttnSkipDownBlock2D\"],"
                  "\"up_block_types\":[\"AttnSkipUpBlock2D\",\"SkipUpBlock2D\"]}");
    g_assert_cmpuint(c.norm_groups, ==, 0);
    g_assert_cmpint(c.down_blocks[1], ==, SFM_BLOCK_ATTN_SKIP);
    g_assert_cmpint(c.time_embedding, ==, SFM_TIME_FOURIER);
}

static void what_a_network_cannot_be_is_refused_by_its_key(void)
{
    static const Refusal refusals[] = {
        { "{\"act_fn\":\"foo\"}", UNABLE,
          "config.json: act_fn: 'foo' is not supported; silu, relu, gelu, mish and swish are" },
        { "{\"_class_name\":\"UNet2DConditionModel\"}", UNABLE,
          "_class_name: 'UNet2DConditionModel' is not supported; UNet2DModel is" },
        { "{\"down_block_types\":[\"CrossAttnDownBlock2D\",\"DownBlock2D\",\"DownBlock2D\","
          "\"DownBlock2D\"]}",
          UNABLE, "down_block_types: 'CrossAttnDownBlock2D' is not supported; DownBlock2D, " },
        { "{\"resnet_time_scale_shift\":\"spatial\"}", UNABLE,
          "resnet_time_scale_shift: 'spatial'" },
        { "{\"time_embedding_type\":\"foo\"}", UNABLE, "time_embedding_type: 'foo'" },
        { "{\"class_embed_type\":\"projection\"}", UNABLE, "class_embed_type: 'projection'" },
        { "{\"mid_block_type\":\"UNetMidBlock2DCrossAttn\"}", UNABLE, "mid_block_type: " },
        { "{\"downsample_type\":\"fir\"}", UNABLE, "downsample_type: 'fir'" },
        { "{\"act_fn\":null}", UNABLE, "act_fn: null is not supported" },
        { "{\"in_channels\":0}", BAD, "in_channels: 0 is not between 1 and 65536" },
        { "{\"in_channels\":-3}", BAD, "in_channels: -3 is not between" },
        { "{\"in_channels\":2.5}", BAD, "in_channels: 2.5 is not a whole number" },
        { "{\"in_channels\":\"3\"}", BAD, "in_channels: '3' is not a finite number" },
        { "{\"in_channels\":null}", BAD, "in_channels: null is not" },
        { "{\"in_channels\":4611686018427387904}", BAD, "in_channels: 4.61169e+18 is not between" },
        { "{\"norm_eps\":NaN}", BAD, "norm_eps: 'NaN' is not a finite number" },
        { "{\"norm_eps\":Infinity}", BAD, "norm_eps: 'Infinity' is not a finite number" },
        { "{\"flip_sin_to_cos\":1}", BAD, "flip_sin_to_cos: 1 is not true or false" },
        { "{\"downsample_padding\":2}", BAD, "downsample_padding: 2 is not between 0 and 1" },
        { "{\"sample_size\":[1,2,3]}", BAD, "sample_size: a list of 3 is not" },
        { "{\"sample_size\":0}", BAD, "sample_size: 0 is not between" },
        { "{\"norm_num_groups\":null}", BAD, "norm_num_groups: null is for Skip blocks only" },
        { "{\"norm_num_groups\":48}", BAD, "norm_num_groups: 48 does not divide a block's 224" },
        { "{\"attn_norm_num_groups\":5}", BAD, "attn_norm_num_groups: 5 does not divide" },
        { "{\"attention_head_dim\":449}", BAD,
          "attention_head_dim: 449 is more than a block's 448" },
        { "{\"freq_shift\":112}", BAD, "freq_shift: 112 is not below" },
        { "{\"time_embedding_type\":\"learned\"}", BAD, "num_train_timesteps: missing" },
        { "{\"block_out_channels\":[]}", BAD, "block_out_channels: not a list of 1 to 16 blocks" },
        { "{\"block_out_channels\":[32]}", BAD, "one is missing" },
        { "{\"block_out_channels\":{}}", BAD, "block_out_channels: not a list" },
        { "{\"block_out_channels\":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]}", BAD,
          "block_out_channels: not a list of 1 to 16" },
        { "{\"block_out_channels\":[32,0,32,32]}", BAD, "block_out_channels: 0 is not between" },
        { "{\"block_out_channels\":[32,32],\"down_block_types\":[\"DownBlock2D\"]}", BAD,
          "down_block_types: 1 blocks where the other lists have 2" },
        { "{\"down_block_types\":[\"SkipDownBlock2D\",\"DownBlock2D\",\"DownBlock2D\","
          "\"DownBlock2D\"]}",
          UNABLE, "Skip blocks together with others are not supported" },
        { "{\"in_channels\":1,\"block_out_channels\":[32],\"down_block_types\":["
          "\"SkipDownBlock2D\"],"
          "\"up_block_types\":[\"SkipUpBlock2D\"]}",
          UNABLE, "in_channels, out_channels: Skip blocks work on 3 channels only" },
        { "{\"act_fn\":\"silu\",\"act_fn\":\"silu\"}", BAD, "duplicate" },
        { "nonsense", BAD, "line 1: not JSON" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(refusals); i++) {
        g_autofree char *path = scratch_text("config.json", refusals[i].json);
        g_autoptr(GError) error = NULL;
        SfmUnetConfig config = { .in_channels = 77 };
        g_assert_false(sfm_unet_config_read(path, &config, &error));
        g_assert_true(g_str_has_prefix(error->message, path));
        assert_refused(&error, refusals[i].code, refusals[i].part);
        g_assert_cmpuint(config.in_channels, ==, 77); // untouched
    }
}

static void read_scheduler(const char *json, SfmSchedulerConfig *config)
{
    g_autofree char *path = scratch_text("scheduler_config.json", json);
    g_autoptr(GError) error = NULL;
    sfm_scheduler_config_read(path, config, &error);
    g_assert_no_error(error);
}

static void each_scheduler_has_its_own_defaults(void)
{
    static const struct {
        const char *name;
        uint32_t num_train_timesteps;
        double beta_start, beta_end;
        SfmSpacing spacing;
        bool set_alpha_to_one;
        SfmPrediction prediction;
        bool clips;
    } want[] = {
        { "DDPM", 1000, 1e-4, 0.02, SFM_SPACING_LEADING, true, SFM_PREDICT_EPSILON, true },
        { "DDIM", 1000, 1e-4, 0.02, SFM_SPACING_LEADING, true, SFM_PREDICT_EPSILON, true },
        { "PNDM", 1000, 1e-4, 0.02, SFM_SPACING_LEADING, false, SFM_PREDICT_EPSILON, false },
        { "RePaint", 1000, 1e-4, 0.02, SFM_SPACING_LEADING, true, SFM_PREDICT_EPSILON, true },
        { "DPMSolverMultistep", 1000, 1e-4, 0.02, SFM_SPACING_LINSPACE, true, SFM_PREDICT_EPSILON,
          false },
        { "EulerDiscrete", 1000, 1e-4, 0.02, SFM_SPACING_LINSPACE, true, SFM_PREDICT_EPSILON,
          false },
        { "EulerAncestralDiscrete", 1000, 1e-4, 0.02, SFM_SPACING_LINSPACE, true,
          SFM_PREDICT_EPSILON, false },
        { "LMSDiscrete", 1000, 1e-4, 0.02, SFM_SPACING_LINSPACE, true, SFM_PREDICT_EPSILON, false },
        { "UniPCMultistep", 1000, 1e-4, 0.02, SFM_SPACING_LINSPACE, true, SFM_PREDICT_EPSILON,
          false },
        { "DEISMultistep", 1000, 1e-4, 0.02, SFM_SPACING_LINSPACE, true, SFM_PREDICT_EPSILON,
          false },
        { "HeunDiscrete", 1000, 0.00085, 0.012, SFM_SPACING_LINSPACE, true, SFM_PREDICT_EPSILON,
          false },
        { "KDPM2Discrete", 1000, 0.00085, 0.012, SFM_SPACING_LINSPACE, true, SFM_PREDICT_EPSILON,
          false },
        { "ScoreSdeVe", 2000, 1e-4, 0.02, SFM_SPACING_LINSPACE, true, SFM_PREDICT_SCORE, false },
        { "CMStochasticIterative", 40, 1e-4, 0.02, SFM_SPACING_LINSPACE, true,
          SFM_PREDICT_CONSISTENCY, true },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(want); i++) {
        g_autofree char *json = g_strdup_printf("{\"_class_name\":\"%sScheduler\"}", want[i].name);
        SfmSchedulerConfig c = { 0 };
        read_scheduler(json, &c);
        g_assert_true(g_str_has_prefix(c.class_name, want[i].name));
        g_assert_cmpuint(c.num_train_timesteps, ==, want[i].num_train_timesteps);
        g_assert_true(c.beta_start == want[i].beta_start && c.beta_end == want[i].beta_end);
        g_assert_cmpint(c.spacing, ==, want[i].spacing);
        g_assert_true(c.set_alpha_to_one == want[i].set_alpha_to_one);
        g_assert_cmpint(c.prediction, ==, want[i].prediction);
        g_assert_true(c.betas == SFM_BETAS_LINEAR && c.variance == SFM_VARIANCE_FIXED_SMALL);
        g_assert_true(c.clip_sample == want[i].clips && !c.thresholding && !c.rescale_zero_snr);
        g_assert_true(c.clip_range == 1 && c.threshold_ratio == 0.995 && c.sample_max_value == 1);
        sfm_scheduler_config_clear(&c);
    }
}

static void absent_keys_of_a_solver_take_the_published_defaults(void)
{
    SfmSchedulerConfig c = { 0 };
    read_scheduler("{\"_class_name\":\"DPMSolverMultistepScheduler\"}", &c);
    g_assert_false(c.use_karras_sigmas || c.use_exponential_sigmas || c.use_beta_sigmas);
    g_assert_false(c.use_lu_lambdas || c.use_flow_sigmas || c.euler_at_final || c.solver_p);
    g_assert_true(c.lower_order_final && c.predict_x0 && !c.skip_prk_steps);
    g_assert_cmpint(c.algorithm, ==, SFM_ALGORITHM_DPM_PP);
    g_assert_cmpint(c.solver_type, ==, SFM_SOLVER_MIDPOINT);
    g_assert_cmpuint(c.solver_order, ==, 2);
    g_assert_cmpint(c.final_sigma, ==, SFM_FINAL_ZERO);
    g_assert_cmpint(c.interpolation, ==, SFM_INTERPOLATION_LINEAR);
    g_assert_cmpint(c.timestep_type, ==, SFM_TIMESTEPS_DISCRETE);
    g_assert_cmpint(c.sigma_schedule, ==, SFM_SIGMAS_KARRAS);
    g_assert_true(isinf(c.lambda_min_clipped) && c.lambda_min_clipped < 0);
    g_assert_true(c.sigma_min == 0 && c.sigma_max == 0 && c.num_disable_corrector == 0);
    g_assert_true(c.rho == 7 && c.sigma_data == 0.5 && c.s_noise == 1);
    g_assert_true(c.snr == 0.15 && c.correct_steps == 1);
    sfm_scheduler_config_clear(&c);
}

static void what_a_scheduler_says_is_read(void)
{
    SfmSchedulerConfig c = { 0 };
    read_scheduler(
        "{\"_class_name\":\"DPMSolverMultistepScheduler\",\"lambda_min_clipped\":-Infinity,"
        "\"beta_schedule\":\"squaredcos_cap_v2\",\"prediction_type\":\"v_prediction\","
        "\"variance_type\":\"learned_range\",\"timestep_spacing\":\"trailing\",\"steps_offset\":1,"
        "\"clip_sample_range\":2,\"thresholding\":true,"
        "\"dynamic_thresholding_ratio\":0.9,\"sample_max_value\":1.5,"
        "\"rescale_betas_zero_snr\":true,\"set_alpha_to_one\":false,\"num_train_timesteps\":250}",
        &c);
    g_assert_cmpint(c.betas, ==, SFM_BETAS_COSINE);
    g_assert_cmpint(c.prediction, ==, SFM_PREDICT_V);
    g_assert_cmpint(c.variance, ==, SFM_VARIANCE_LEARNED_RANGE);
    g_assert_cmpint(c.spacing, ==, SFM_SPACING_TRAILING);
    g_assert_true(c.steps_offset == 1 && c.clip_range == 2 && c.thresholding);
    g_assert_true(c.threshold_ratio == 0.9 && c.sample_max_value == 1.5 && c.rescale_zero_snr);
    g_assert_true(!c.set_alpha_to_one && c.num_train_timesteps == 250);
    g_assert_cmpfloat(c.terminal_abar, ==, 0x1p-24);
    sfm_scheduler_config_clear(&c);
}

static void what_a_solver_says_is_read(void)
{
    SfmSchedulerConfig c = { 0 };
    read_scheduler("{\"_class_name\":\"UniPCMultistepScheduler\",\"solver_order\":3,"
                   "\"solver_type\":\"bh1\",\"predict_x0\":false,\"lower_order_final\":false,"
                   "\"disable_corrector\":[0,12],\"solver_p\":{\"_class_name\":\"X\"},"
                   "\"use_karras_sigmas\":null,\"use_beta_sigmas\":true,"
                   "\"use_flow_sigmas\":true,\"final_sigmas_type\":\"sigma_min\"}",
                   &c);
    g_assert_cmpuint(c.solver_order, ==, 3);
    g_assert_cmpint(c.solver_type, ==, SFM_SOLVER_BH1);
    g_assert_true(!c.predict_x0 && !c.lower_order_final && c.solver_p);
    g_assert_cmpuint(c.num_disable_corrector, ==, 2);
    g_assert_cmpuint(c.disable_corrector[1], ==, 12);
    g_assert_true(!c.use_karras_sigmas && c.use_beta_sigmas && c.use_flow_sigmas);
    g_assert_cmpint(c.final_sigma, ==, SFM_FINAL_SIGMA_MIN);
    sfm_scheduler_config_clear(&c);

    read_scheduler("{\"_class_name\":\"DPMSolverMultistepScheduler\",\"lambda_min_clipped\":-5.1,"
                   "\"algorithm_type\":\"sde-dpmsolver++\",\"solver_type\":\"heun\","
                   "\"use_lu_lambdas\":true,\"euler_at_final\":true,\"beta_schedule\":\"exp\"}",
                   &c);
    g_assert_cmpfloat(c.lambda_min_clipped, ==, -5.1);
    g_assert_cmpint(c.algorithm, ==, SFM_ALGORITHM_SDE_DPM_PP);
    g_assert_cmpint(c.solver_type, ==, SFM_SOLVER_HEUN);
    g_assert_true(c.use_lu_lambdas && c.euler_at_final);
    g_assert_cmpint(c.betas, ==, SFM_BETAS_EXP);
    sfm_scheduler_config_clear(&c);

    read_scheduler("{\"_class_name\":\"EDMEulerScheduler\",\"interpolation_type\":\"log_linear\","
                   "\"timestep_type\":\"continuous\",\"sigma_min\":0.5,\"sigma_max\":9,"
                   "\"sigma_schedule\":\"exponential\",\"rho\":3,\"sigma_data\":1,"
                   "\"s_noise\":1.5,\"snr\":0.2,\"correct_steps\":0,\"skip_prk_steps\":true}",
                   &c);
    g_assert_cmpint(c.interpolation, ==, SFM_INTERPOLATION_LOG_LINEAR);
    g_assert_cmpint(c.timestep_type, ==, SFM_TIMESTEPS_CONTINUOUS);
    g_assert_cmpint(c.sigma_schedule, ==, SFM_SIGMAS_EXPONENTIAL);
    g_assert_true(c.sigma_min == 0.5 && c.sigma_max == 9 && c.rho == 3 && c.sigma_data == 1);
    g_assert_true(c.s_noise == 1.5 && c.snr == 0.2 && c.correct_steps == 0 && c.skip_prk_steps);
    sfm_scheduler_config_clear(&c);
}

static void what_a_class_does_not_heed_is_not_in_force(void)
{
    static const struct {
        const char *name;
        bool clips, thresholds;
        SfmFinalSigma final;
    } want[] = {
        { "DDPM", true, true, SFM_FINAL_ZERO },
        { "PNDM", false, false, SFM_FINAL_ZERO },
        { "HeunDiscrete", true, false, SFM_FINAL_ZERO },
        { "EulerDiscrete", false, false, SFM_FINAL_SIGMA_MIN },
        { "EulerAncestralDiscrete", false, false, SFM_FINAL_ZERO },
        { "UniPCMultistep", false, true, SFM_FINAL_SIGMA_MIN },
        { "DEISMultistep", false, true, SFM_FINAL_SIGMA_MIN },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(want); i++) {
        g_autofree char *json = g_strdup_printf(
            "{\"_class_name\":\"%sScheduler\",\"clip_sample\":true,\"thresholding\":true,"
            "\"final_sigmas_type\":\"sigma_min\"}",
            want[i].name);
        SfmSchedulerConfig c = { 0 };
        read_scheduler(json, &c);
        g_assert_true(c.clip_sample == want[i].clips && c.thresholding == want[i].thresholds);
        g_assert_cmpint(c.final_sigma, ==, want[i].final);
        sfm_scheduler_config_clear(&c);
    }
    SfmSchedulerConfig c = { 0 };
    read_scheduler("{\"_class_name\":\"PNDMScheduler\",\"rescale_betas_zero_snr\":true}", &c);
    g_assert_false(c.rescale_zero_snr);
    sfm_scheduler_config_clear(&c);
    read_scheduler("{\"_class_name\":\"CMStochasticIterativeScheduler\","
                   "\"prediction_type\":\"epsilon\",\"clip_denoised\":false}",
                   &c);
    g_assert_cmpint(c.prediction, ==, SFM_PREDICT_CONSISTENCY);
    g_assert_false(c.clip_sample);
    sfm_scheduler_config_clear(&c);
}

// As files have it that once were another class's.
static void a_solver_of_another_class_is_the_classs_own(void)
{
    static const struct {
        const char *name, *algorithm, *solver;
        SfmAlgorithm want_algorithm;
        SfmSolverType want_solver;
    } want[] = {
        { "DPMSolverMultistep", "deis", "logrho", SFM_ALGORITHM_DPM_PP, SFM_SOLVER_MIDPOINT },
        { "DPMSolverSinglestep", "dpmsolver", "bh2", SFM_ALGORITHM_DPM, SFM_SOLVER_MIDPOINT },
        { "UniPCMultistep", "dpmsolver++", "heun", SFM_ALGORITHM_DPM_PP, SFM_SOLVER_BH2 },
        { "DEISMultistep", "dpmsolver++", "midpoint", SFM_ALGORITHM_DEIS, SFM_SOLVER_LOGRHO },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(want); i++) {
        g_autofree char *json = g_strdup_printf(
            "{\"_class_name\":\"%sScheduler\",\"algorithm_type\":\"%s\",\"solver_type\":\"%s\"}",
            want[i].name, want[i].algorithm, want[i].solver);
        SfmSchedulerConfig c = { 0 };
        read_scheduler(json, &c);
        g_assert_cmpint(c.algorithm, ==, want[i].want_algorithm);
        g_assert_cmpint(c.solver_type, ==, want[i].want_solver);
        sfm_scheduler_config_clear(&c);
    }
}

static void a_class_that_is_not_known_has_the_common_defaults(void)
{
    SfmSchedulerConfig c = { 0 };
    read_scheduler("{\"_class_name\":\"FooScheduler\",\"clip_sample\":true}", &c);
    g_assert_cmpstr(c.class_name, ==, "FooScheduler");
    g_assert_true(c.beta_start == 1e-4 && c.beta_end == 0.02 && c.num_train_timesteps == 1000);
    g_assert_true(c.clip_sample && c.spacing == SFM_SPACING_LINSPACE);
    sfm_scheduler_config_clear(&c);
}

static void trained_betas_come_before_a_schedule(void)
{
    SfmSchedulerConfig c = { 0 };
    read_scheduler("{\"_class_name\":\"DDPMScheduler\",\"num_train_timesteps\":2,"
                   "\"trained_betas\":[0.25,0.5],\"beta_schedule\":\"linear\"}",
                   &c);
    g_assert_cmpint(c.betas, ==, SFM_BETAS_TRAINED);
    g_assert_true(c.trained_betas[0] == 0.25 && c.trained_betas[1] == 0.5);
    sfm_scheduler_config_clear(&c);
}

static void files_of_2022_say_predict_epsilon(void)
{
    SfmSchedulerConfig c = { 0 };
    read_scheduler("{\"_class_name\":\"DDPMScheduler\",\"predict_epsilon\":false}", &c);
    g_assert_cmpint(c.prediction, ==, SFM_PREDICT_SAMPLE);
    sfm_scheduler_config_clear(&c);
    read_scheduler("{\"_class_name\":\"DDPMScheduler\",\"predict_epsilon\":true}", &c);
    g_assert_cmpint(c.prediction, ==, SFM_PREDICT_EPSILON);
    sfm_scheduler_config_clear(&c);
}

#define DDPM "{\"_class_name\":\"DDPMScheduler\","

static void what_a_scheduler_cannot_be_is_refused_by_its_key(void)
{
    static const Refusal refusals[] = {
        { "{}", BAD, "scheduler_config.json: _class_name: missing" },
        { "{\"_class_name\":7}", BAD, "_class_name: 7 is not a printable line of text" },
        { "{\"_class_name\":\"a\\u001b[31m\"}", BAD, "_class_name: 'a?[31m' is not a printable" },
        { DDPM "\"variance_type\":\"fixed_large_log\"}", UNABLE,
          "variance_type: 'fixed_large_log' is not supported; fixed_small, " },
        { DDPM "\"prediction_type\":\"flow_prediction\"}", UNABLE, "prediction_type: 'flow_" },
        { DDPM "\"beta_schedule\":\"cubic\"}", UNABLE, "beta_schedule: 'cubic' is not supported" },
        { DDPM "\"algorithm_type\":\"rk4\"}", UNABLE, "algorithm_type: 'rk4' is not supported" },
        { DDPM "\"solver_type\":\"bh3\"}", UNABLE, "solver_type: 'bh3' is not supported; mid" },
        { DDPM "\"solver_order\":0}", BAD, "solver_order: 0 is not between 1 and 10" },
        { DDPM "\"final_sigmas_type\":\"one\"}", UNABLE, "final_sigmas_type: 'one'" },
        { DDPM "\"use_karras_sigmas\":true,\"use_beta_sigmas\":true}", BAD,
          "use_karras_sigmas, use_exponential_sigmas and use_beta_sigmas exclude one another" },
        { DDPM "\"lambda_min_clipped\":Infinity}", BAD,
          "lambda_min_clipped: 'Infinity' is neither a number nor -Infinity" },
        { DDPM "\"lambda_min_clipped\":null}", BAD, "lambda_min_clipped: null is neither" },
        { DDPM "\"disable_corrector\":7}", BAD, "disable_corrector: not a list of at most" },
        { DDPM "\"disable_corrector\":[0,-1]}", BAD, "disable_corrector: -1 is not between 0" },
        { DDPM "\"disable_corrector\":[0.5]}", BAD, "disable_corrector: 0.5 is not a whole" },
        { DDPM "\"rho\":0}", BAD, "rho: 0 is not between" },
        { DDPM "\"timestep_spacing\":\"log\"}", UNABLE, "timestep_spacing: 'log'" },
        { DDPM "\"num_train_timesteps\":0}", BAD, "num_train_timesteps: 0 is not between 1 and" },
        { DDPM "\"beta_end\":Infinity}", BAD, "beta_end: 'Infinity' is not a finite number" },
        { DDPM "\"beta_end\":1.5}", BAD, "beta_end: 1.5 is not between 0 and 1" },
        { DDPM "\"trained_betas\":[0.1]}", BAD, "trained_betas: not a list of 1000 numbers" },
        { DDPM "\"num_train_timesteps\":1,\"trained_betas\":[2]}", BAD,
          "trained_betas: number 0 is not between 0 and 1" },
        { DDPM "\"num_train_timesteps\":1,\"trained_betas\":[\"a\"]}", BAD, "trained_betas: " },
        { DDPM "\"sigma_min\":2,\"sigma_max\":1}", BAD, "sigma_min: 2 is more than sigma_max, 1" },
        { "{\"_class_name\":\"ScoreSdeVeScheduler\",\"sigma_min\":0}", BAD,
          "sigma_min: is null or 0; ScoreSdeVeScheduler needs a level above 0 there" },
        { "{\"_class_name\":\"ScoreSdeVeScheduler\",\"sigma_max\":null}", BAD,
          "sigma_max: is null or 0; ScoreSdeVeScheduler needs a level above 0 there" },
        { "{\"_class_name\":\"ScoreSdeVeScheduler\",\"correct_steps\":100}", BAD,
          "correct_steps: 100 is not between 0 and 99" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(refusals); i++) {
        g_autofree char *path = scratch_text("scheduler_config.json", refusals[i].json);
        g_autoptr(GError) error = NULL;
        SfmSchedulerConfig config = { 0 };
        g_assert_false(sfm_scheduler_config_read(path, &config, &error));
        assert_refused(&error, refusals[i].code, refusals[i].part);
        g_assert_null(config.class_name);
    }
}

static void a_card_says_what_a_folder_does_not(void)
{
    g_autofree char *path = scratch_text(
        "sfumato.json",
        "{\"title\":\"Äpfel\",\"license\":\"MIT\",\"patch\":2,\"channels\":\"gray\","
        "\"classes\":[\"red\",\"green\"],\"null_class\":2,\"tileable\":true,\"photographs\":true,"
        "\"width\":24,\"height\":32,\"schedule\":\"linear\",\"sampler\":\"ddim\","
        "\"steps\":30,\"guidance\":1.5,\"colour_space\":\"srgb\","
        "\"untrained_classes\":[1],\"of_later\":[\"denoise\"]}");
    g_autoptr(GError) error = NULL;
    SfmCard card = { 0 };

    sfm_card_read(path, &card, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(card.title, ==, "Äpfel");
    g_assert_cmpstr(card.license, ==, "MIT");
    g_assert_null(card.description);
    g_assert_true(card.patch == 2 && card.gray && card.null_class == 2 && card.tileable);
    g_assert_true(card.photographs);
    g_assert_cmpuint(g_strv_length(card.classes), ==, 2);
    g_assert_cmpstr(card.classes[1], ==, "green");
    g_assert_cmpuint(card.num_untrained, ==, 1);
    g_assert_cmpuint(card.untrained[0], ==, 1);
    g_assert_true(card.width == 24 && card.height == 32 && card.steps == 30);
    g_assert_cmpstr(card.sampler, ==, "ddim");
    g_assert_cmpfloat(card.guidance, ==, 1.5);
    sfm_card_clear(&card);
}

static void a_folder_without_a_card_has_defaults(void)
{
    SfmCard card;
    sfm_card_default(&card);
    g_assert_true(card.patch == 1 && card.null_class == -1 && !card.gray && !card.tileable);
    g_assert_false(card.photographs);
    g_assert_null(card.title);
    g_assert_null(card.classes);
    g_assert_cmpuint(card.num_untrained, ==, 0);
    sfm_card_clear(&card);
}

static void a_card_that_lies_is_refused_by_its_key(void)
{
    static const Refusal refusals[] = {
        { "{\"title\":7}", BAD, "sfumato.json: title: 7 is not a printable line of text" },
        { "{\"title\":\"a\\u001b[31m\"}", BAD, "title: 'a?[31m' is not a printable line" },
        { "{\"title\":\"a\\nb\"}", BAD, "title: 'a?b' is not a printable line" },
        { "{\"patch\":0}", BAD, "patch: 0 is not between 1 and 16" },
        { "{\"channels\":\"cmyk\"}", UNABLE,
          "channels: 'cmyk' is not supported; rgb and gray are" },
        { "{\"classes\":\"a\"}", BAD, "classes: not a list of names" },
        { "{\"classes\":[\"a\",1]}", BAD, "classes: 1 is not a printable line of text" },
        { "{\"null_class\":-2}", BAD, "null_class: -2 is not between -1 and" },
        { "{\"classes\":[\"a\",\" \"]}", BAD, "classes: name 1 is empty" },
        { "{\"classes\":[\"Sand\",\"mud\",\"sand\"]}", BAD,
          "classes: \"sand\" stands there twice" },
        { "{\"untrained_classes\":8}", BAD, "untrained_classes: not a list of numbers" },
        { "{\"untrained_classes\":[1.5]}", BAD, "untrained_classes: 1.5 is not a whole number" },
        { "{\"untrained_classes\":[-1]}", BAD, "untrained_classes: -1 is not between 0 and" },
        { "{\"colour_space\":\"linear\"}", UNABLE,
          "colour_space: 'linear' is not supported; srgb is" },
        { "{\"guidance\":-1}", BAD, "guidance: -1 is not between" },
        { "{\"schedule\":\"../../passwd\"}", BAD,
          "schedule: '../../passwd' is not a script's name" },
        { "{\"sampler\":\"./mine.lua\"}", BAD, "sampler: './mine.lua' is not a script's name" },
        { "{\"sampler\":\"\"}", BAD, "sampler: '' is not a script's name" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(refusals); i++) {
        g_autofree char *path = scratch_text("sfumato.json", refusals[i].json);
        g_autoptr(GError) error = NULL;
        SfmCard card = { 0 };
        g_assert_false(sfm_card_read(path, &card, &error));
        assert_refused(&error, refusals[i].code, refusals[i].part);
        g_assert_null(card.classes);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    scratch_open();
#define TEST(name) g_test_add_func("/file/config/" #name, name)
    TEST(absent_keys_take_the_published_defaults);
    TEST(what_is_said_is_read);
    TEST(a_null_head_width_is_one_head);
    TEST(old_block_names_lose_their_prefix);
    TEST(classes_come_in_three_ways);
    TEST(skip_networks_need_no_groups);
    TEST(what_a_network_cannot_be_is_refused_by_its_key);
    TEST(each_scheduler_has_its_own_defaults);
    TEST(absent_keys_of_a_solver_take_the_published_defaults);
    TEST(what_a_scheduler_says_is_read);
    TEST(what_a_solver_says_is_read);
    TEST(what_a_class_does_not_heed_is_not_in_force);
    TEST(a_solver_of_another_class_is_the_classs_own);
    TEST(a_class_that_is_not_known_has_the_common_defaults);
    TEST(trained_betas_come_before_a_schedule);
    TEST(files_of_2022_say_predict_epsilon);
    TEST(what_a_scheduler_cannot_be_is_refused_by_its_key);
    TEST(a_card_says_what_a_folder_does_not);
    TEST(a_folder_without_a_card_has_defaults);
    TEST(a_card_that_lies_is_refused_by_its_key);
    const int result = g_test_run();
    scratch_close();
    return result;
}
