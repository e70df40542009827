// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_GIMP_DIALOG_H
#define SFM_GIMP_DIALOG_H

#include "common/form.h"
#include "gimp/host.h"
#include "gimp/worker.h"

// Shows `form`, lets a person change it, and runs the job with progress and a
// Cancel in the same dialog. A failure is shown there and may be mended; the
// function returns once there are pictures or the person gives up
// (SFM_ERROR_CANCELLED). Then `form` is what was asked for, save that a size
// given by the target is not kept, and `title`, the caller's, the model's.
bool sfm_dialog_run(const SfmHostPlace *target, SfmForm *form, char **title, SfmPictures *pictures,
                    GError **error);

#endif
