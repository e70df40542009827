// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_GIMP_SCRIPT_PICKER_H
#define SFM_GIMP_SCRIPT_PICKER_H

#include <sfumato/engine.h>

#include "gimp/knobs.h"
#include "gimp/rows.h"

// A choice of schedules or samplers with the knobs of the one that is chosen,
// which fold away. What the knobs of the others were set to is kept.
typedef struct SfmScriptPicker SfmScriptPicker;

typedef void (*SfmScriptPickerFunc)(void *user_data);

// Adds its rows. `relabel` is called after the rows have become others, `changed`
// when a person has chosen or set something.
SfmScriptPicker *sfm_script_picker_new(SfmRows *rows, SfmScriptKind kind,
                                       SfmScriptPickerFunc relabel, SfmScriptPickerFunc changed,
                                       void *user_data);

// Not the widgets. NULL is a no-op.
void sfm_script_picker_free(SfmScriptPicker *picker);

// Of the knobs of the two, those of one alone are unfolded at a time.
void sfm_script_picker_fold_with(SfmScriptPicker *picker, SfmScriptPicker *other);

// Lists the library's scripts, anew perhaps; keeps what is chosen and set.
void sfm_script_picker_list(SfmScriptPicker *picker, SfmScriptLibrary *library);

// What the model's published scheduler sets where `script` is chosen; NULL: it has
// no counterpart. All knobs, also of other scripts, then stand as usual.
void sfm_script_picker_set_usual(SfmScriptPicker *picker, const char *script, char **settings);

// Chooses a script by its name, and puts in the settings that are its own. A name
// that is in no list, as of a broken script, becomes an entry: the engine says why
// it will not do.
void sfm_script_picker_set(SfmScriptPicker *picker, const char *name, char **settings);

// The name that is chosen, "" for none; borrowed until the next call.
const char *sfm_script_picker_get(const SfmScriptPicker *picker);

// Appends what is set otherwise than as usual to an array that owns texts.
void sfm_script_picker_read(SfmScriptPicker *picker, GPtrArray *settings);

#endif
