// SPDX-License-Identifier: GPL-3.0-or-later
#include "gimp/plugin.h"

#include "common/procedure.h"
#include "gimp/batch.h"
#include "gimp/dialog.h"

// ---- the last values, which outlive GIMP ------------------------------------

static char *last_values_path(void)
{
    return g_build_filename(gimp_directory(), "sfumato.ini", NULL);
}

static void load_last_values(SfmForm *form)
{
    g_autofree char *path = last_values_path();
    g_autofree char *text = NULL;
    if (g_file_get_contents(path, &text, NULL, NULL))
        sfm_form_load(form, text);
}

// That a folder cannot be written to is no reason to fail.
static void save_last_values(const SfmForm *form)
{
    g_autofree char *path = last_values_path();
    g_autofree char *text = sfm_form_save(form);
    g_file_set_contents(path, text, -1, NULL);
}

// ---- the procedure ----------------------------------------------------------

static void choose_form(const SfmHostCall *call, SfmForm *form)
{
    if (call->mode != GIMP_RUN_NONINTERACTIVE)
        load_last_values(form);
    if (call->mode == GIMP_RUN_NONINTERACTIVE || call->job != SFM_MENU_JOB)
        form->job = call->job;
}

static bool compute(const SfmHostCall *call, SfmForm *form, SfmOutcome *outcome, GError **error)
{
    if (call->mode == GIMP_RUN_INTERACTIVE)
        return sfm_dialog_run(&call->subject, form, outcome, error);
    return sfm_batch_run(&call->subject, form, outcome, error);
}

bool sfm_plugin_run(const SfmHostCall *call, SfmForm *form, SfmResult *result, GError **error)
{
    g_auto(SfmOutcome) outcome = { 0 };
    choose_form(call, form);
    if (!compute(call, form, &outcome, error) || !sfm_place(form, &outcome, result, error))
        return false;
    if (outcome.origin.place.image < 0)
        sfm_host_image_finish(result->image, call->mode != GIMP_RUN_NONINTERACTIVE);
    if (call->mode == GIMP_RUN_INTERACTIVE)
        save_last_values(form);
    return true;
}
