// SPDX-License-Identifier: GPL-3.0-or-later
#include "vk/kernels/table.h"

#include <stddef.h>

#include "vk/kernels/gpu/kernels.h"
#include "vk/kernels/lavapipe/kernels.h"

const SfmVkKernel *const sfm_vk_lavapipe_kernels[] = {
    &sfm_vk_lavapipe_winograd4_joint,
    &sfm_vk_lavapipe_winograd4,
    &sfm_vk_lavapipe_winograd2_joint,
    &sfm_vk_lavapipe_winograd2,
    &sfm_vk_lavapipe_winograd4_norm,
    &sfm_vk_lavapipe_winograd2_norm,
    &sfm_vk_lavapipe_conv,
    &sfm_vk_lavapipe_linear,
    &sfm_vk_lavapipe_attention,
    &sfm_vk_lavapipe_group_norm,
    &sfm_vk_lavapipe_activation,
    &sfm_vk_lavapipe_add,
    &sfm_vk_lavapipe_add_channels,
    &sfm_vk_lavapipe_scale_shift,
    &sfm_vk_lavapipe_concat,
    &sfm_vk_lavapipe_upsample_nearest,
    &sfm_vk_lavapipe_avg_pool,
    &sfm_vk_lavapipe_fir_up,
    &sfm_vk_lavapipe_fir_down,
    &sfm_vk_lavapipe_space_to_depth,
    &sfm_vk_lavapipe_depth_to_space,
    &sfm_vk_lavapipe_to_c4,
    &sfm_vk_lavapipe_from_c4,
    NULL,
};

// The same kernels on halves and on floats.
#define GPU_KERNELS(prefix)                                                                   \
    {                                                                                         \
        &prefix##conv, &prefix##conv_vector, &prefix##linear, &prefix##group_norm,            \
            &prefix##attention, &prefix##activation, &prefix##add, &prefix##add_channels,     \
            &prefix##scale_shift, &prefix##concat, &prefix##slice, &prefix##upsample_nearest, \
            &prefix##avg_pool, &prefix##fir_up, &prefix##fir_down, &prefix##space_to_depth,   \
            &prefix##depth_to_space, &prefix##to_nhwc, &prefix##from_nhwc, NULL,              \
    }

const SfmVkKernel *const sfm_vk_gpu_kernels[] = GPU_KERNELS(sfm_vk_gpu_);
const SfmVkKernel *const sfm_vk_gpu_fp32_kernels[] = GPU_KERNELS(sfm_vk_gpu_fp32_);
