// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_COMMON_FORM_H
#define SFM_COMMON_FORM_H

#include <stdbool.h>

#include <glib.h>
#include <sfumato/engine.h>

#include "common/argument.h"

// What one of a job's own knobs is set to: a number, or a text where it takes one.
typedef struct {
    double number;
    char *text; // "" where it is a number
} SfmKnobValue;

// What all jobs can be asked for, though each has its own.
typedef struct {
    int count, steps;
} SfmFormEach;

// What a person or a script has asked for: a job, the fields of all jobs, and
// the knobs of each. Texts are never NULL and belong to the form. In fields
// empty and 0 leave the choice to the model's card; knobs have defaults.
typedef struct {
    SfmJob job;
    char *model, *class_name, *schedule, *sampler, *script_params, *device;
    int width, height; // in pixels; of jobs that start from no picture
    int seed;
    double guidance;
    SfmFormEach each[SFM_NUM_JOBS];
    SfmKnobValue *knobs[SFM_NUM_JOBS]; // [num_params of the job], in its order
    char **kernels;            // as in SfmJobParams, of a recipe; NULL: no recipe has been taken
    char *made_with, *made_on; // family and device of SfmJobParams.maker, likewise
} SfmForm;

// Generate, with every choice left to the card. `form` is uninitialised memory;
// end with clear.
void sfm_form_init(SfmForm *form);

// Frees what it owns. A zeroed form is a no-op.
void sfm_form_clear(SfmForm *form);

// `to` is initialised; its texts are freed first.
void sfm_form_copy(const SfmForm *from, SfmForm *to);

// What one argument is set to, of any job's. The text is borrowed until it is set
// anew; a text argument has no number and the other way round. NULL sets "".
const char *sfm_form_text(const SfmForm *form, const SfmArgument *argument);
double sfm_form_number(const SfmForm *form, const SfmArgument *argument);
void sfm_form_set_text(SfmForm *form, const SfmArgument *argument, const char *text);
void sfm_form_set_number(SfmForm *form, const SfmArgument *argument, double number);

// Whether all that its job can be asked for is in range, choices are among those
// that there are, and script_params can be read; else SFM_ERROR_BAD_ARGUMENT.
bool sfm_form_check(const SfmForm *form, GError **error);

// Whether the model is a whole one that makes pictures. Which classes it has is
// for the engine to say.
bool sfm_model_check(const SfmModelInfo *model, GError **error);

// Whether the job is mostly done to photographs: denoise, inpaint.
bool sfm_job_is_of_photographs(SfmJob job);

// The index of the SfmModelInfo to do a job with where nobody says which: to denoise
// and to inpaint the first that knows photographs; else the first that makes pictures.
// -1: none does.
int sfm_model_for(const GPtrArray *models, SfmJob job);

// Makes the card's choice in all fields but seed, count, device and the size,
// for a dialog to show; steps are those of each job. The class becomes none where
// the model can do without, else its first.
void sfm_form_take_card(SfmForm *form, const SfmModelInfo *model);

// Likewise, of the steps alone, and in jobs alone of which the form leaves them open.
void sfm_form_take_steps(SfmForm *form, const SfmModelInfo *model);

// script_params "sampler.eta=0.3 schedule.spacing=trailing" and the job's knobs ->
// { "sampler.eta=0.3", "schedule.spacing=trailing", "job.strength=0.5" }. Words
// are split as a shell does it, so that a value with blanks can stand in quotes.
// The caller frees with g_strfreev(); NULL, with SFM_ERROR_BAD_ARGUMENT, for a
// word without a name and '='.
char **sfm_form_settings(const SfmForm *form, GError **error);

// The engine's request, without the pictures that a job starts from; points into
// `form` and `settings`, which must outlive it.
SfmJobParams sfm_form_request(const SfmForm *form, char **settings);

// The form as a key file with the knobs of all jobs, and back. Reading starts
// from what is in the form, and passes over what is unknown or out of range.
char *sfm_form_save(const SfmForm *form);
void sfm_form_load(SfmForm *form, const char *text);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SfmForm, sfm_form_clear)

#endif
