// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_VK_KERNELS_TABLE_H
#define SFM_VK_KERNELS_TABLE_H

#include "vk/kernel.h"

// The kernels for one class of device, best first and NULL at the end: the first
// that applies runs a call. The plain kernels, which every device can run, come
// behind them (vk/target.c).
extern const SfmVkKernel *const sfm_vk_lavapipe_kernels[];
extern const SfmVkKernel *const sfm_vk_gpu_kernels[], *const sfm_vk_gpu_fp32_kernels[];

#endif
