// SPDX-License-Identifier: GPL-3.0-or-later
#include "vk/kernels/table.h"

#include <stddef.h>

const SfmVkKernel *const sfm_vk_lavapipe_kernels[] = {
    NULL,
};
