// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_VK_KERNELS_GPU_KERNELS_H
#define SFM_VK_KERNELS_GPU_KERNELS_H

#include "vk/kernel.h"

// The kernels of the gpu family, on halves and on floats. The order in which they are
// tried is table.c's.
#define GPU_KERNEL(word) extern const SfmVkKernel sfm_vk_gpu_##word, sfm_vk_gpu_fp32_##word

GPU_KERNEL(conv);        // with no addend, or with a residual
GPU_KERNEL(conv_vector); // with a vector, as a time embedding is
GPU_KERNEL(linear);
GPU_KERNEL(to_nhwc); // relayout.c
GPU_KERNEL(from_nhwc);
GPU_KERNEL(group_norm);
GPU_KERNEL(attention);
GPU_KERNEL(activation); // this and what follows: maps.c
GPU_KERNEL(add);
GPU_KERNEL(add_channels);
GPU_KERNEL(scale_shift);
GPU_KERNEL(concat);
GPU_KERNEL(slice);
GPU_KERNEL(upsample_nearest);
GPU_KERNEL(avg_pool);
GPU_KERNEL(fir_up);
GPU_KERNEL(fir_down);
GPU_KERNEL(space_to_depth);
GPU_KERNEL(depth_to_space);

#endif
