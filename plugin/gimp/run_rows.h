// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_GIMP_RUN_ROWS_H
#define SFM_GIMP_RUN_ROWS_H

#include <sfumato/engine.h>

#include "common/form.h"
#include "gimp/rows.h"

// What all jobs have: class, steps, guidance, the two scripts, seed and device.
typedef struct SfmRunRows SfmRunRows;

typedef void (*SfmRunRowsFunc)(void *user_data);

// Adds the rows, to `first` what goes with the model and to `second` how its
// pictures are made. `relabel` is called after some have become others, `changed` when
// a person has chosen or set something.
SfmRunRows *sfm_run_rows_new(SfmRows *first, SfmRows *second, SfmRunRowsFunc relabel,
                             SfmRunRowsFunc changed, void *user_data);

// Not the widgets. NULL is a no-op.
void sfm_run_rows_free(SfmRunRows *run);

// The scripts that are listed; borrowed.
SfmScriptLibrary *sfm_run_rows_library(SfmRunRows *run);

// Lists the scripts, anew perhaps, and keeps what is chosen. Returns what is wrong
// with one of them, a sentence of the caller's; NULL: nothing.
char *sfm_run_rows_look(SfmRunRows *run);

// Another model: its classes, and what its card has as usual.
void sfm_run_rows_set_model(SfmRunRows *run, const SfmModelInfo *model);

// Shows what the form says, as far as the rows are about it.
void sfm_run_rows_show(SfmRunRows *run, const SfmForm *form);
void sfm_run_rows_show_steps(SfmRunRows *run, int steps);

// What the rows say.
void sfm_run_rows_read(SfmRunRows *run, SfmForm *form);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SfmRunRows, sfm_run_rows_free)

#endif
