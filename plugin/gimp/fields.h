// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_GIMP_FIELDS_H
#define SFM_GIMP_FIELDS_H

#include <gtk/gtk.h>
#include <sfumato/engine.h>

#include "common/form.h"
#include "gimp/host.h"

// The rows of the dialog, from the model down to the count, as one widget.
// Choosing a model puts the choices of its card into the other fields.
typedef struct SfmFields SfmFields;

// Called when another model was chosen.
typedef void (*SfmFieldsFunc)(void *user_data);

// Shows the form; lists models and scripts, which may fail. `form` is read
// during the call only.
SfmFields *sfm_fields_new(const SfmForm *form, const SfmTarget *target, GError **error);
void sfm_fields_free(SfmFields *fields); // not the widget, which its parent owns

GtkWidget *sfm_fields_widget(SfmFields *fields);
void sfm_fields_connect(SfmFields *fields, SfmFieldsFunc changed, void *user_data);

// The model that is chosen; borrowed from the fields. NULL: there are none.
const SfmModelInfo *sfm_fields_model(const SfmFields *fields);

// What the fields say; leaves script_params and device alone.
void sfm_fields_read(SfmFields *fields, SfmForm *form);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SfmFields, sfm_fields_free)

#endif
