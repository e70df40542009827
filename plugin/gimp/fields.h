// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_GIMP_FIELDS_H
#define SFM_GIMP_FIELDS_H

#include <gtk/gtk.h>
#include <sfumato/recipe.h>

#include "common/form.h"
#include "gimp/origin.h"
#include "gimp/thumbnail.h"

// What is filled in in the dialog: the model with its card, a tab for each job, what all
// jobs have, and beside them a preview and what memory it takes. Main thread only.
typedef struct SfmFields SfmFields;

// What the fields tell. None is NULL.
typedef struct {
    void (*shown)(SfmJob job, void *data);                    // the tab of that job is shown
    void (*relabelled)(void *data);                           // some labels have become others
    void (*checked)(const char *text, bool good, void *data); // after each change: what is wrong,
                                                              // or ""; whether the job can be run
    void *data;
} SfmFieldsFuncs;

// Nothing is shown yet. `form` is copied, and all of `target` and `funcs` is; `target` is
// where generated pictures go. Lists models and scripts, which may fail.
SfmFields *sfm_fields_new(const SfmSubject *subject, const SfmHostPlace *target,
                          const SfmForm *form, const SfmFieldsFuncs *funcs, GError **error);

// With the widget. NULL is a no-op.
void sfm_fields_free(SfmFields *fields);
GtkWidget *sfm_fields_widget(SfmFields *fields);

// Shows the form, the card's values where it is one that was never filled in.
void sfm_fields_show(SfmFields *fields);

// What stands in the fields. All is borrowed.
const SfmForm *sfm_fields_form(SfmFields *fields);
const SfmSubject *sfm_fields_subject(SfmFields *fields);
const SfmModelInfo *sfm_fields_model(SfmFields *fields);
SfmScriptLibrary *sfm_fields_library(SfmFields *fields);

// Puts in what the recipe asks for; see sfm_form_take_recipe().
bool sfm_fields_take_recipe(SfmFields *fields, const SfmRecipe *recipe, GError **error);

// Lists the scripts anew, as sfm_run_rows_look().
char *sfm_fields_look_at_scripts(SfmFields *fields);

// While a job is running nothing can be filled in.
void sfm_fields_set_running(SfmFields *fields, bool running);

// Takes the thumbnail's pixels, and leaves it empty.
void sfm_fields_show_picture(SfmFields *fields, SfmThumbnail *thumbnail);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SfmFields, sfm_fields_free)

#endif
