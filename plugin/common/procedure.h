// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_COMMON_PROCEDURE_H
#define SFM_COMMON_PROCEDURE_H

#include <stdbool.h>

#include <sfumato/job.h>

// The procedures that both GIMPs have, one for each job. Texts are static and
// untranslated. Arguments are GIMP's own (run mode, image, drawable, for
// interpolate the second layer) and then those of sfm_argument().
typedef struct {
    const char *name;  // "plug-in-diffusion-vary"
    const char *blurb; // a line without its full stop
    const char *help;  // some sentences
} SfmProcedure;

// What stands in the menu; it is there once, and its dialog has all jobs.
#define SFM_MENU_JOB SFM_JOB_GENERATE

const SfmProcedure *sfm_procedure(SfmJob job);

// False: there is no procedure of that name, and `job` is as it was.
bool sfm_find_procedure(const char *name, SfmJob *job);

#endif
