// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_GIMP_BATCH_H
#define SFM_GIMP_BATCH_H

#include "common/form.h"
#include "gimp/worker.h"

// Runs the job without a dialog; progress goes to GIMP and, where
// $SFUMATO_PROGRESS is 1, in lines that begin with "sfumato: " to stderr.
bool sfm_batch_run(const SfmForm *form, SfmPictures *pictures, GError **error);

#endif
