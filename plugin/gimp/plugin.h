// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_GIMP_PLUGIN_H
#define SFM_GIMP_PLUGIN_H

#include <stdbool.h>

#include "common/form.h"
#include "common/translation.h"
#include "gimp/origin.h"
#include "gimp/place.h"

#define SFM_MENU_LABEL N_("_Diffusion...")
// Translators: only the last word of a menu's path is translated
#define SFM_MENU_PATH  N_("<Image>/Filters/Generate")

// How GIMP has called.
typedef struct {
    SfmJob job; // of the procedure
    GimpRunMode mode;
    SfmSubject subject;
} SfmHostCall;

// A whole procedure: asks where the run mode says so, computes, and only then
// touches the image. In `form` is what was asked for without a dialog; otherwise
// it becomes what the dialog did last, of which the menu's procedure repeats the
// job, too. On failure, SFM_ERROR_CANCELLED among others, nothing has changed but
// the form. `result` is zeroed memory.
bool sfm_plugin_run(const SfmHostCall *call, SfmForm *form, SfmResult *result, GError **error);

#endif
