// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_VK_KERNELS_GPU_HALF_H
#define SFM_VK_KERNELS_GPU_HALF_H

#include <stddef.h>
#include <stdint.h>

// The nearest half (IEEE 754 binary16), of two equally near the even one; what is
// too large becomes an infinity.
uint16_t sfm_half_from_float(float value);

#endif
