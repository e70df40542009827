// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_VK_KERNELS_GPU_WEIGHTS_H
#define SFM_VK_KERNELS_GPU_WEIGHTS_H

#include "vk/kernel.h"

// How conv2d and linear pack their weights: input 1 as [parts, K K, C, O] in the
// family's element, C and O padded to whole quads with zeros, and input 2, the bias, as
// floats [parts, O], likewise.
size_t sfm_gpu_packed_count_halves(const SfmCall *call, int i);
size_t sfm_gpu_packed_count_floats(const SfmCall *call, int i);
void sfm_gpu_pack_halves(const SfmCall *call, int i, const float *plain, float *packed);
void sfm_gpu_pack_floats(const SfmCall *call, int i, const float *plain, float *packed);

#endif
