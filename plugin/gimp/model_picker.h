// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_GIMP_MODEL_PICKER_H
#define SFM_GIMP_MODEL_PICKER_H

#include <sfumato/engine.h>

#include "gimp/rows.h"

// A choice of models, and what the card of the chosen one says.
typedef struct SfmModelPicker SfmModelPicker;

// Called when a person has chosen another model.
typedef void (*SfmModelPickerFunc)(void *user_data);

// Adds a row, and the card below it. Lists the models, which may fail; there is at least one.
SfmModelPicker *sfm_model_picker_new(SfmRows *rows, SfmModelPickerFunc changed, void *user_data,
                                     GError **error);

// Not the widgets. NULL is a no-op.
void sfm_model_picker_free(SfmModelPicker *picker);

// Chooses by name. False, and all stays as it was, where there is none of that name.
bool sfm_model_picker_set(SfmModelPicker *picker, const char *name);

// Chooses what sfm_model_for() would.
void sfm_model_picker_set_for(SfmModelPicker *picker, SfmJob job);

// The model that is chosen; borrowed.
const SfmModelInfo *sfm_model_picker_get(const SfmModelPicker *picker);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SfmModelPicker, sfm_model_picker_free)

#endif
