// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_RECIPE_H
#define SFM_JOB_RECIPE_H

#include "job/engine.h"
#include "job/request.h"

// What a script noted during the run.
typedef struct {
    char *key, *value; // owned
} SfmNote;

void sfm_note_free(gpointer note);

// The JSON by which image `index` of the request can be made again, or its frame,
// counted from 1; 0: the image itself. The engine's device and family made it; `kernels`
// ran in place of the usual ones. Model
// and pictures have been hashed; `notes` are of SfmNote. The caller owns the text.
char *sfm_recipe(const SfmRequest *request, const SfmModel *model, const SfmEngine *engine,
                 const SfmChoices *kernels, uint32_t index, uint32_t frame, const GPtrArray *notes);

#endif
