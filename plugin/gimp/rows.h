// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_GIMP_ROWS_H
#define SFM_GIMP_ROWS_H

#include <gtk/gtk.h>
#include <sfumato/engine.h>

#include "common/form.h"
#include "gimp/host.h"

// The rows of the dialog, from the model down to the count, as one widget.
// Choosing a model puts the choices of its card into the other fields.
typedef struct SfmRows SfmRows;

// Called when another model was chosen.
typedef void (*SfmRowsFunc)(void *user_data);

// Shows the form; lists models and scripts, which may fail. `form` is read
// during the call only.
SfmRows *sfm_rows_new(const SfmForm *form, const SfmHostPlace *target, GError **error);
void sfm_rows_free(SfmRows *rows); // not the widget, which its parent owns

GtkWidget *sfm_rows_widget(SfmRows *rows);
// The scripts that the rows list; borrowed.
SfmScriptLibrary *sfm_rows_library(SfmRows *rows);

// Lists the scripts anew, which may have changed, and keeps what is chosen. Returns
// what is wrong with one of them, a sentence of the caller's; NULL: nothing.
char *sfm_rows_look(SfmRows *rows);

void sfm_rows_connect(SfmRows *rows, SfmRowsFunc changed, void *user_data);

// The model that is chosen; borrowed from the fields. NULL: there are none.
const SfmModelInfo *sfm_rows_model(const SfmRows *rows);

// What the fields say; leaves script_params and device alone.
void sfm_rows_read(SfmRows *rows, SfmForm *form);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SfmRows, sfm_rows_free)

#endif
