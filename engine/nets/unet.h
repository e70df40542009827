// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_NETS_UNET_H
#define SFM_NETS_UNET_H

#include "file/config.h"
#include "graph/graph.h"
#include "ops/wrap.h"

// diffusers' UNet2DModel (v0.35), every option of SfmUnetConfig: the network of
// Ho et al. 2020 and its relatives (Dhariwal & Nichol 2021; the NCSN++ of Song et
// al. 2021).

// What a graph is built for, in the image's pixels: `patch` (1: none) puts a
// space-to-depth before the network and a depth-to-space behind it, so that the
// network sees in_channels = C patch^2 channels of height / patch x width / patch.
typedef struct {
    uint32_t batch, height, width, patch;
    SfmWrap wrap; // axes along which the image goes round: its last pixels meet its first
} SfmUnetSize;

// Inputs: "sample" [N, C, height, width]; "timestep" [N, 1, 1, 1] (of Fourier
// networks: sigma); and where the network has classes "class_labels" [N, 1, 1, 1]
// (whole numbers; with class embedding "timestep", any) or [N, E, 1, 1]
// (identity). Output: [N, C_out / patch^2, height, width]. Weights have
// diffusers' names; results that diffusers' modules have are named after them.
// The caller owns the graph. NULL with SFM_ERROR_BAD_SHAPE, the message naming
// the layer, or SFM_ERROR_BAD_ARGUMENT, if the size does not fit.
SfmGraph *sfm_unet_build(const SfmUnetConfig *config, const SfmUnetSize *size, GError **error);

// Width and height of the image must be multiples of this.
uint32_t sfm_unet_multiple(const SfmUnetConfig *config, uint32_t patch);

// Width of the time embedding: E above.
uint32_t sfm_unet_time_width(const SfmUnetConfig *config);

#endif
