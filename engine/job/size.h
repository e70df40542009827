// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_SIZE_H
#define SFM_JOB_SIZE_H

#include "file/model.h"
#include "nets/unet.h"

// A picture's size in pixels.
typedef struct {
    uint32_t width, height;
} SfmPixels;

// What a request for width x height means: one side alone is a square, none the
// model's own size. False, with SFM_ERROR_BAD_ARGUMENT, for what is no size, and
// beyond what a graph can count.
bool sfm_size_choose(const SfmModel *model, int width, int height, SfmPixels *size, GError **error);

// What the network runs at: rounded up to what its strides and its patch need;
// one image.
SfmUnetSize sfm_size_padded(const SfmModel *model, SfmPixels size);

#endif
