// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_GIMP_DIALOG_H
#define SFM_GIMP_DIALOG_H

#include "common/form.h"
#include "gimp/host.h"
#include "gimp/worker.h"

// Shows `form` and its job, lets a person change both, and does the job with
// progress and a Cancel in the same dialog, on what the subject is unless the person
// points at other layers. A failure is shown there and may be mended; the function
// returns once there are pictures or the person gives up (SFM_ERROR_CANCELLED). Then
// `form` is what was asked for, save that a size given by the image is not kept.
// `outcome` is zeroed memory; clear it in any case.
bool sfm_dialog_run(const SfmSubject *subject, SfmForm *form, SfmOutcome *outcome, GError **error);

#endif
