// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_SIZE_H
#define SFM_JOB_SIZE_H

#include "file/model.h"
#include "nets/unet.h"

// A picture's size in pixels.
typedef struct {
    uint32_t width, height;
} SfmExtent;

// What a request for width x height means: one side alone is a square, none the
// model's own size. False, with SFM_ERROR_BAD_ARGUMENT, for what is no size, and
// beyond what a graph can count.
bool sfm_size_choose(const SfmModel *model, int width, int height, SfmExtent *size, GError **error);

// What the network runs at: rounded up to what its strides and its patch need;
// one image.
SfmUnetSize sfm_size_padded(const SfmModel *model, SfmExtent size);

// Which axes are to go round, of "no", "x", "y" and "both". False, with
// SFM_ERROR_BAD_ARGUMENT and the nearest sizes, where the picture is padded along
// such an axis: its last pixels would not meet its first.
bool sfm_size_wrap(const SfmModel *model, const char *axes, SfmExtent size, SfmWrap *wrap,
                   GError **error);

#endif
