// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_RECIPE_H
#define SFM_JOB_RECIPE_H

#include "job/request.h"

// What a script noted during the run.
typedef struct {
    char *key, *value; // owned
} SfmNote;

void sfm_note_free(gpointer note);

// The JSON by which image `index` of the request can be made again. `notes` are
// SfmNotes. The caller owns the text. NULL if the model cannot be read for its
// hash.
char *sfm_recipe(const SfmRequest *request, SfmModel *model, const char *device, uint32_t index,
                 const GPtrArray *notes, GError **error);

// Appends a JSON string, in quotes; what is not UTF-8 is replaced.
void sfm_json_string(GString *out, const char *text);

#endif
