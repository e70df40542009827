// SPDX-License-Identifier: GPL-3.0-or-later
#include "gimp/fields.h"

#include "common/recipe.h"
#include "common/text.h"
#include "common/translation.h"
#include "gimp/estimate.h"
#include "gimp/job_pages.h"
#include "gimp/model_picker.h"
#include "gimp/preview.h"
#include "gimp/run_rows.h"

enum { COLUMN_GAP = 12, MEMORY_WIDTH = 320 }; // pixels

struct SfmFields {
    GtkWidget *box, *preview, *memory;
    SfmModelPicker *models;
    SfmJobPages *pages;
    SfmRunRows *run;
    SfmEstimate *estimate;
    SfmForm form; // of the job whose tab is shown
    SfmSubject subject;
    SfmFieldsFuncs funcs;
    int source; // the layer that the preview shows; -1: none
    bool running;
    bool model_is_chosen; // by a person, now or earlier; else it goes by the job
};

static void read_fields(SfmFields *fields)
{
    SfmArgument argument;
    sfm_job_pages_read(fields->pages, &fields->form);
    sfm_job_pages_read_layers(fields->pages, &fields->subject);
    sfm_run_rows_read(fields->run, &fields->form);
    if (sfm_find_argument(fields->form.job, "model", &argument))
        sfm_form_set_text(&fields->form, &argument, sfm_fields_model(fields)->name);
}

// ---- what a job needs, and whether it can be run ----------------------------

static void show_memory(uint64_t bytes, const GError *error, void *data)
{
    SfmFields *fields = data;
    g_autofree char *size = bytes > 0 ? g_format_size(bytes) : NULL;
    g_autofree char *text =
        size ? g_strdup_printf(_("Takes about %s of the device's memory"), size) : g_strdup("");
    gtk_label_set_text(GTK_LABEL(fields->memory), text);
    if (!error || fields->running)
        return;
    g_autofree char *wrong = sfm_error_text(error);
    fields->funcs.checked(wrong, true, fields->funcs.data);
}

static void forget_memory(SfmFields *fields)
{
    sfm_estimate_stop(fields->estimate);
    gtk_label_set_text(GTK_LABEL(fields->memory), "");
}

// Of the pictures that the job would read size and channels matter.
static void ask_for_memory(SfmFields *fields)
{
    const SfmJobInfo *info = sfm_job_info(fields->form.job);
    const int channels = sfm_fields_model(fields)->channels;
    SfmPicture inputs[SFM_JOB_MAX_INPUTS] = { 0 };
    GeglRectangle area = { 0 };
    if (info->inputs[0] && !sfm_origin_area(&fields->subject, fields->form.job, &area)) {
        forget_memory(fields);
        return;
    }
    for (int i = 0; info->inputs[i]; i++) {
        const bool is_mask = info->masked && !info->inputs[i + 1];
        inputs[i] = (SfmPicture){ area.width, area.height, is_mask ? 1 : channels, NULL };
    }
    sfm_estimate_ask(fields->estimate, &fields->form, inputs);
}

// Until there is more to see: the layer that the job starts from.
static void show_source(SfmFields *fields)
{
    const bool has_source = sfm_job_info(fields->form.job)->inputs[0] != NULL;
    const int source = has_source ? fields->subject.layer : -1;
    if (source == fields->source)
        return;
    fields->source = source;
    g_auto(SfmThumbnail) thumbnail = { 0 };
    g_autoptr(GdkPixbuf) picture =
        source < 0 ? NULL : sfm_host_layer_picture(source, SFM_THUMBNAIL_SIZE);
    if (picture)
        sfm_thumbnail_copy(picture, &thumbnail);
    else
        sfm_thumbnail_make_empty(&thumbnail);
    sfm_preview_show(fields->preview, &thumbnail);
}

// A job that cannot be run, or a model that cannot be used, says why.
static void check(void *data)
{
    SfmFields *fields = data;
    g_autoptr(GError) error = NULL;
    read_fields(fields);
    show_source(fields);
    const char *lack = sfm_job_pages_lack(fields->pages);
    if (!sfm_model_check(sfm_fields_model(fields), &error)) {
        g_autofree char *wrong = sfm_error_text(error);
        fields->funcs.checked(wrong, false, fields->funcs.data);
        forget_memory(fields);
        return;
    }
    fields->funcs.checked(lack ? lack : "", !lack, fields->funcs.data);
    if (lack)
        forget_memory(fields);
    else
        ask_for_memory(fields);
}

// ---- what a person does -----------------------------------------------------

static void relabel(void *data)
{
    SfmFields *fields = data;
    fields->funcs.relabelled(fields->funcs.data);
}

static void show_job(SfmFields *fields)
{
    fields->funcs.shown(fields->form.job, fields->funcs.data);
    relabel(fields);
    check(fields);
}

// Another model has other choices on its card; what is not on it stays.
static void take_card(SfmFields *fields)
{
    const SfmModelInfo *model = sfm_fields_model(fields);
    sfm_form_take_card(&fields->form, model);
    sfm_run_rows_set_model(fields->run, model);
    sfm_run_rows_show(fields->run, &fields->form);
}

// How many steps are right is each job's own; those in sight are still of the one before.
static void switch_job(void *data)
{
    SfmFields *fields = data;
    const SfmModelInfo *before = sfm_fields_model(fields);
    sfm_run_rows_read(fields->run, &fields->form);
    fields->form.job = sfm_job_pages_job(fields->pages);
    if (!fields->model_is_chosen)
        sfm_model_picker_set_for(fields->models, fields->form.job);
    if (sfm_fields_model(fields) != before)
        take_card(fields);
    sfm_run_rows_show_steps(fields->run, fields->form.each[fields->form.job].steps);
    show_job(fields);
}

static void choose_model(void *data)
{
    SfmFields *fields = data;
    const SfmModelInfo *model = sfm_fields_model(fields);
    fields->model_is_chosen = true;
    read_fields(fields);
    take_card(fields);
    sfm_job_pages_show_size(fields->pages, model->width, model->height);
    show_job(fields);
}

void sfm_fields_show(SfmFields *fields)
{
    SfmForm *form = &fields->form;
    const bool known = sfm_model_picker_set(fields->models, form->model);
    if (!known)
        sfm_model_picker_set_for(fields->models, form->job);
    fields->model_is_chosen = known;
    const SfmModelInfo *model = sfm_fields_model(fields);
    if (known)
        sfm_form_take_steps(form, model);
    else
        sfm_form_take_card(form, model);
    if (form->width == 0 || !known) {
        form->width = model->width;
        form->height = model->height;
    }
    sfm_run_rows_set_model(fields->run, model);
    sfm_run_rows_show(fields->run, form);
    sfm_job_pages_show(fields->pages, form, &fields->subject);
    show_job(fields);
}

// ---- made and read ----------------------------------------------------------

// What goes with the model on the left, and with the job on the right.
static bool build(SfmFields *fields, const SfmHostPlace *target, GError **error)
{
    g_auto(SfmRows) left, right;
    sfm_rows_init(&left);
    sfm_rows_init(&right);
    fields->box = sfm_host_box_new(GTK_ORIENTATION_HORIZONTAL, COLUMN_GAP);
    gtk_box_pack_start(GTK_BOX(fields->box), left.box, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(fields->box), right.box, TRUE, TRUE, 0);
    g_object_ref_sink(fields->box);
    fields->models = sfm_model_picker_new(&left, choose_model, fields, error);
    if (!fields->models)
        return false;
    fields->pages = sfm_job_pages_new(target, switch_job, check, fields);
    sfm_rows_add_whole(&right, sfm_job_pages_widget(fields->pages));
    fields->run = sfm_run_rows_new(&left, &right, relabel, check, fields);
    fields->preview = sfm_preview_new(
        _("Preview"), _("The layer as it is; while a picture is being made, what it becomes"));
    fields->memory = sfm_text_new(MEMORY_WIDTH);
    sfm_rows_add_whole(&left, fields->preview);
    sfm_rows_add_whole(&left, fields->memory);
    return true;
}

SfmFields *sfm_fields_new(const SfmSubject *subject, const SfmHostPlace *target,
                          const SfmForm *form, const SfmFieldsFuncs *funcs, GError **error)
{
    g_autoptr(SfmFields) fields = g_new0(SfmFields, 1);
    fields->subject = *subject;
    fields->funcs = *funcs;
    fields->source = -1;
    sfm_form_init(&fields->form);
    sfm_form_copy(form, &fields->form);
    if (!build(fields, target, error))
        return NULL;
    fields->estimate = sfm_estimate_new(sfm_fields_library(fields), show_memory, fields);
    return g_steal_pointer(&fields);
}

void sfm_fields_free(SfmFields *fields)
{
    if (!fields)
        return;
    g_clear_object(&fields->box);
    sfm_estimate_free(fields->estimate);
    sfm_run_rows_free(fields->run);
    sfm_job_pages_free(fields->pages);
    sfm_model_picker_free(fields->models);
    sfm_form_clear(&fields->form);
    g_free(fields);
}

GtkWidget *sfm_fields_widget(SfmFields *fields)
{
    return fields->box;
}

const SfmForm *sfm_fields_form(SfmFields *fields)
{
    read_fields(fields);
    return &fields->form;
}

const SfmSubject *sfm_fields_subject(SfmFields *fields)
{
    read_fields(fields);
    return &fields->subject;
}

const SfmModelInfo *sfm_fields_model(SfmFields *fields)
{
    return sfm_model_picker_get(fields->models);
}

SfmScriptLibrary *sfm_fields_library(SfmFields *fields)
{
    return sfm_run_rows_library(fields->run);
}

bool sfm_fields_take_recipe(SfmFields *fields, const SfmRecipe *recipe, GError **error)
{
    read_fields(fields);
    if (!sfm_form_take_recipe(&fields->form, recipe, error))
        return false;
    sfm_fields_show(fields);
    return true;
}

char *sfm_fields_look_at_scripts(SfmFields *fields)
{
    return sfm_run_rows_look(fields->run);
}

void sfm_fields_set_running(SfmFields *fields, bool running)
{
    fields->running = running;
    gtk_widget_set_sensitive(fields->box, !running);
    sfm_estimate_stop(fields->estimate);
}

void sfm_fields_show_picture(SfmFields *fields, SfmThumbnail *thumbnail)
{
    sfm_preview_show(fields->preview, thumbnail);
}
