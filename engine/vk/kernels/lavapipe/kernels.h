// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_VK_KERNELS_LAVAPIPE_KERNELS_H
#define SFM_VK_KERNELS_LAVAPIPE_KERNELS_H

#include "vk/kernel.h"

// The kernels of the lavapipe family, each in the file of its first word. The
// order in which they are tried is table.c's.
extern const SfmVkKernel sfm_vk_lavapipe_conv;
extern const SfmVkKernel sfm_vk_lavapipe_winograd4, sfm_vk_lavapipe_winograd2;
extern const SfmVkKernel sfm_vk_lavapipe_winograd4_joint, sfm_vk_lavapipe_winograd2_joint;
extern const SfmVkKernel sfm_vk_lavapipe_winograd4_norm, sfm_vk_lavapipe_winograd2_norm;
extern const SfmVkKernel sfm_vk_lavapipe_group_norm;
extern const SfmVkKernel sfm_vk_lavapipe_attention;
extern const SfmVkKernel sfm_vk_lavapipe_linear;

extern const SfmVkKernel sfm_vk_lavapipe_activation, sfm_vk_lavapipe_add,
    sfm_vk_lavapipe_add_channels, sfm_vk_lavapipe_scale_shift, sfm_vk_lavapipe_concat,
    sfm_vk_lavapipe_upsample_nearest, sfm_vk_lavapipe_avg_pool, sfm_vk_lavapipe_fir_up,
    sfm_vk_lavapipe_fir_down, sfm_vk_lavapipe_space_to_depth, sfm_vk_lavapipe_depth_to_space,
    sfm_vk_lavapipe_to_c4, sfm_vk_lavapipe_from_c4; // maps.c

#endif
