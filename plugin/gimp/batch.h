// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_GIMP_BATCH_H
#define SFM_GIMP_BATCH_H

#include "common/form.h"
#include "gimp/worker.h"

// Does the job of `form` on what the subject is, without a dialog; progress goes to
// GIMP and, where $SFUMATO_PROGRESS is 1, in lines that begin with "sfumato: " to
// stderr. `form` gets the name of the model that an empty one stands for. `outcome`
// is zeroed memory; clear it in any case.
bool sfm_batch_run(const SfmSubject *subject, SfmForm *form, SfmOutcome *outcome, GError **error);

#endif
