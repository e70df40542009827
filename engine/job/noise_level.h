// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_NOISE_LEVEL_H
#define SFM_JOB_NOISE_LEVEL_H

#include <sfumato/job.h>

#include "base/cancel.h"

// The standard deviation of white noise in a picture, as its floats have it (0
// black to 1 white): the mean over its colours, alpha left out. Detail that is
// as fine as noise counts as noise. False, with SFM_ERROR_BAD_ARGUMENT, if the
// picture is less than 8 pixels wide or high; or cancelled, which is looked at row by
// row: NULL never cancels.
bool sfm_noise_level(const SfmPicture *picture, double *sigma, SfmCancel *cancel, GError **error);

#endif
