// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_TESTS_SUPPORT_CIFAR10_H
#define SFM_TESTS_SUPPORT_CIFAR10_H

#include "nets/unet.h"

// google/ddpm-cifar10-32 (its config.json): 35.75 million parameters.
static const SfmUnetConfig cifar10 = {
    .in_channels = 3,
    .out_channels = 3,
    .sample_height = 32,
    .sample_width = 32,
    .num_blocks = 4,
    .down_blocks = { SFM_BLOCK_PLAIN, SFM_BLOCK_ATTN, SFM_BLOCK_PLAIN, SFM_BLOCK_PLAIN },
    .up_blocks = { SFM_BLOCK_PLAIN, SFM_BLOCK_PLAIN, SFM_BLOCK_ATTN, SFM_BLOCK_PLAIN },
    .block_channels = { 128, 256, 256, 256 },
    .layers_per_block = 2,
    .add_attention = true,
    .mid_block = true,
    .freq_shift = 1,
    .mid_block_scale_factor = 1,
    .norm_eps = 1e-6,
    .norm_groups = 32,
};

#endif
