// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_GIMP_KNOBS_H
#define SFM_GIMP_KNOBS_H

#include <gtk/gtk.h>
#include <sfumato/param.h>

#include "gimp/rows.h"

// Widgets for knobs that a job or a script declares: a number and a slider where
// its range is finite, a choice, a check box or a text, each in a row.
//
// Values go in and out as settings, "sampler.eta=0.3", `owner` being what stands
// before the dot. Those that are as usual go out unsaid.
typedef struct SfmKnobRows SfmKnobRows;

// Called when a person has changed a value.
typedef void (*SfmKnobFunc)(void *user_data);

// Adds a row to `rows` for each of the `num` knobs, which are borrowed and outlive
// the result. `owner` is copied.
SfmKnobRows *sfm_knob_rows_new(SfmRows *rows, const char *owner, const SfmParam *params, size_t num,
                               SfmKnobFunc changed, void *user_data);

// Not the widgets, which their parent owns. NULL is a no-op.
void sfm_knob_rows_free(SfmKnobRows *knobs);

// What is usual where it is not what the knob declares; NULL: all is as declared.
// Every knob then stands so.
void sfm_knob_rows_set_usual(SfmKnobRows *knobs, char **settings);

// Puts in the settings of this owner, in the form "sampler.eta=0.3" or "eta=0.3",
// the later ones before the earlier; others are passed over. Knobs without one
// stand as is usual.
void sfm_knob_rows_set(SfmKnobRows *knobs, char **settings);

// Appends what is not as usual, "sampler.eta=0.3", to an array that owns texts.
void sfm_knob_rows_read(SfmKnobRows *knobs, GPtrArray *settings);

// What the knob of that index is set to, whether as usual or not; the caller frees.
char *sfm_knob_rows_value(const SfmKnobRows *knobs, size_t index);

// A number as settings have it: the shortest that reads as the same.
char *sfm_number_text(double number);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SfmKnobRows, sfm_knob_rows_free)

#endif
