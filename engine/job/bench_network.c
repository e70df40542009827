// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/bench_network.h"

#include <string.h>

// The published networks of Ho et al. (google/ddpm-cifar10-32, 35.75 M
// parameters, and google/ddpm-cat-256), whose weights are not bundled.
// clang-format off
static const SfmUnetConfig cifar10 = {
    .in_channels = 3, .out_channels = 3,
    .sample_height = 32, .sample_width = 32,
    .num_blocks = 4,
    .down_blocks = { SFM_BLOCK_PLAIN, SFM_BLOCK_ATTN, SFM_BLOCK_PLAIN, SFM_BLOCK_PLAIN },
    .up_blocks = { SFM_BLOCK_PLAIN, SFM_BLOCK_PLAIN, SFM_BLOCK_ATTN, SFM_BLOCK_PLAIN },
    .block_channels = { 128, 256, 256, 256 },
    .layers_per_block = 2,
    .add_attention = true, .mid_block = true,
    .freq_shift = 1.0, .mid_block_scale_factor = 1.0, .norm_eps = 1e-6,
    .norm_groups = 32,
};

static const SfmUnetConfig ddpm256 = {
    .in_channels = 3, .out_channels = 3,
    .sample_height = 256, .sample_width = 256,
    .num_blocks = 6,
    .down_blocks = { SFM_BLOCK_PLAIN, SFM_BLOCK_PLAIN, SFM_BLOCK_PLAIN, SFM_BLOCK_PLAIN,
                     SFM_BLOCK_ATTN, SFM_BLOCK_PLAIN },
    .up_blocks = { SFM_BLOCK_PLAIN, SFM_BLOCK_ATTN, SFM_BLOCK_PLAIN, SFM_BLOCK_PLAIN,
                   SFM_BLOCK_PLAIN, SFM_BLOCK_PLAIN },
    .block_channels = { 128, 128, 256, 256, 512, 512 },
    .layers_per_block = 2,
    .add_attention = true, .mid_block = true,
    .freq_shift = 1.0, .mid_block_scale_factor = 1.0, .norm_eps = 1e-6,
    .norm_groups = 32,
};
// clang-format on

static const struct {
    const char *name;
    const SfmUnetConfig *config;
} published[] = { { "cifar10", &cifar10 }, { "ddpm256", &ddpm256 } };

static SfmNetwork *random_network(SfmEngine *engine, const char *name, const SfmUnetConfig *config,
                                  GError **error)
{
    SfmModel *model = g_new0(SfmModel, 1);

    model->name = g_strdup(name);
    model->path = g_strdup(name);
    model->unet = *config;
    model->card.patch = 1;
    model->card.null_class = -1;
    return sfm_network_new(engine->runner, model, error);
}

bool sfm_bench_is_published(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(published); i++) {
        if (strcmp(published[i].name, name) == 0)
            return true;
    }
    return false;
}

SfmNetwork *sfm_bench_network_new(SfmEngine *engine, const char *name, GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(published); i++) {
        if (strcmp(published[i].name, name) == 0)
            return random_network(engine, name, published[i].config, error);
    }
    SfmModel *model = sfm_model_open(engine->data_dir, name, error);
    return model ? sfm_network_new(engine->runner, model, error) : NULL;
}

SfmNetwork *sfm_bench_network(SfmEngine *engine, const char *name, GError **error)
{
    if (!sfm_bench_is_published(name) || g_strcmp0(engine->model, name) == 0)
        return sfm_engine_network(engine, name, error);

    SfmNetwork *network = sfm_bench_network_new(engine, name, error);
    if (network)
        sfm_engine_keep(engine, name, network);
    return network;
}
