// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_OPS_WRAP_H
#define SFM_OPS_WRAP_H

#include <stdbool.h>
#include <stdint.h>

// Axes of a map of pixels that have no end: behind the last pixel comes the first.
// Along the others there are zeros.
typedef struct {
    bool x, y;
} SfmWrap;

// A place up to `size` beyond either end of an axis, brought back where it wraps.
static inline int64_t sfm_wrap_place(bool wraps, int64_t place, int64_t size)
{
    if (!wraps)
        return place;
    return place < 0 ? place + size : place < size ? place : place - size;
}

#endif
