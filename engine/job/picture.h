// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_PICTURE_H
#define SFM_JOB_PICTURE_H

#include <sfumato/engine.h>

#include "base/cancel.h"
#include "file/model.h"
#include "job/size.h"

// Pictures that a job starts from, and the way between their floats and x. What goes
// through a picture looks at `cancel` row by row, and fails with SFM_ERROR_CANCELLED; NULL never
// cancels.

// Whether all that the job reads is of one size and fits a model of so many
// channels; their size. `inputs` is [SFM_JOB_MAX_INPUTS]; its pixels are not looked at.
bool sfm_pictures_check(const SfmJobInfo *job, const SfmPicture *inputs, const SfmModel *model,
                        uint32_t channels, SfmExtent *size, GError **error);

// Whether the pixels of what has been checked are there and finite, and something is
// to be painted.
bool sfm_pictures_check_pixels(const SfmJobInfo *job, const SfmPicture *inputs, SfmCancel *cancel,
                               GError **error);

// Whether the model's data lies in 0 .. 1, as that of score networks; else it is
// -1 .. 1.
bool sfm_data_is_unit(const SfmModel *model);

// The picture as one image of x: x is [C, H, W], at least of the picture's size;
// what lies beyond its right and lower edge mirrors it. Gray becomes equal
// channels; alpha is left out.
bool sfm_picture_to_x(const SfmPicture *picture, const SfmModel *model, SfmShape shape, float *x,
                      SfmCancel *cancel, GError **error);

// The luma of pixel i, alpha left out: gray is its own.
float sfm_picture_luma(const SfmPicture *picture, size_t i);

// How much of pixel i of a mask is to be painted, 0 .. 1: its luma, times its alpha.
float sfm_mask_at(const SfmPicture *mask, size_t i);

// A mask as one image of x, the same in all channels; it mirrors likewise.
bool sfm_mask_to_x(const SfmPicture *mask, SfmShape shape, float *x, SfmCancel *cancel,
                   GError **error);

// Gives an image, gray or RGB and of the same size, the channels of a picture:
// colour becomes luma where the picture is gray, and alpha is the picture's.
bool sfm_picture_dress(const SfmPicture *picture, SfmImage *image, SfmCancel *cancel,
                       GError **error);

// SHA-256 of size, channels and floats, hex; the caller frees it. NULL: cancelled.
char *sfm_picture_hash(const SfmPicture *picture, SfmCancel *cancel, GError **error);

static inline bool sfm_picture_has_alpha(const SfmPicture *picture)
{
    return picture->channels == 2 || picture->channels == 4;
}

static inline int sfm_picture_colours(const SfmPicture *picture)
{
    return picture->channels <= 2 ? 1 : 3;
}

#endif
