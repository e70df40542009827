// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_IMAGE_H
#define SFM_JOB_IMAGE_H

#include "job/run.h"

// Makes a picture of one image of x, [C, H, W] of the run's shape: cut to its size,
// 0 .. 1, with the job's last word. `index` is the image's. It has no recipe. False with
// SFM_ERROR_BAD_NUMBER, naming the pixel, where x is not finite.
bool sfm_image_take(const SfmRun *run, const float *x, uint32_t index, SfmImage *image,
                    GError **error);

#endif
