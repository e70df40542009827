// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFUMATO_MEASURE_H
#define SFUMATO_MEASURE_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>
#include <sfumato/job.h>

G_BEGIN_DECLS

// How good a result is: noise that is known, and the distance between pictures.
// Alpha plays no part. All may be called from any thread; pictures are borrowed
// during the call.

// The picture and white Gaussian noise of standard deviation `sigma` (of 1, which
// is white), which goes beyond black and white. The noise is a function of seed
// (0 .. SFM_MAX_SEED), place and channel, and the same everywhere. `noisy` is
// [height, width, channels]; alpha is copied. False, with SFM_ERROR_NO_MEMORY.
bool sfm_picture_add_noise(const SfmPicture *picture, double sigma, int64_t seed, float *noisy,
                           GError **error);

// The standard deviation of the noise in a picture as `denoise` estimates it,
// where 1 is white. False, with SFM_ERROR_BAD_ARGUMENT, if the picture is less
// than 8 pixels wide or high.
bool sfm_picture_noise(const SfmPicture *picture, double *sigma, GError **error);

// 10 log10(1 / mean squared difference) in dB, over all pixels and colours;
// infinite for equals. Both have one size and as many colours.
double sfm_picture_psnr(const SfmPicture *a, const SfmPicture *b);

// The mean structural similarity of the lumas, at most 1: windows of 11x11,
// Gaussian of deviation 1.5, that lie wholly inside (Wang et al. 2004,
// doi:10.1109/TIP.2003.819861). NaN if there is none. Both have one size.
double sfm_picture_ssim(const SfmPicture *a, const SfmPicture *b);

G_END_DECLS

#endif
