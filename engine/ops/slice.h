// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_OPS_SLICE_H
#define SFM_OPS_SLICE_H

#include <stdint.h>

// slice: x [N, C, H, W] -> y [N, count, H, W]: the channels from `first` on
typedef struct {
    uint32_t first, count; // first + count <= C, count > 0
} SfmSlice;

#endif
