// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_CUT_OFF_H
#define SFM_JOB_CUT_OFF_H

#include <sfumato/engine.h>

#include "base/cancel.h"

// Files cut noise off at black and white. What is left of it has a mean that is
// lighter than the dark it lies on, and darker than the light; a denoiser, which
// finds that mean, makes blacks gray.

// The mean of clamp(x + sigma z, 0, 1) for a unit normal z.
double sfm_cut_off_mean(double x, double sigma);

// Moves the colours of `image`, which was denoised from `given`, to where they
// were before noise of `sigma` was cut off; as far as there are pixels beside them
// in `given` that lie at the very end of the range. Both have one size and the same
// channels. False, with SFM_ERROR_NO_MEMORY, or SFM_ERROR_CANCELLED between two rows; NULL never
// cancels.
bool sfm_cut_off_mend(const SfmPicture *given, double sigma, SfmImage *image, SfmCancel *cancel,
                      GError **error);

#endif
