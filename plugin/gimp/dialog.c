// SPDX-License-Identifier: GPL-3.0-or-later
//
// GIMP's own progress bar kills the plug-in when it is cancelled. Here the job
// runs in a thread while the dialog stays up, so that its Cancel is a clean one.
#include "gimp/dialog.h"

#include <string.h>

#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>

#include "common/command.h"
#include "common/recipe.h"
#include "common/text.h"
#include "common/translation.h"
#include "gimp/estimate.h"
#include "gimp/job_pages.h"
#include "gimp/mnemonics.h"
#include "gimp/model_picker.h"
#include "gimp/preview.h"
#include "gimp/recipe_chooser.h"
#include "gimp/run_rows.h"

enum { BORDER = 12, MESSAGE_WIDTH = 600, MEMORY_WIDTH = 300 }; // pixels

enum { RESPONSE_RELOAD = 1, RESPONSE_RECIPE, RESPONSE_COMMAND };

typedef struct {
    GMainLoop *loop;
    GtkWidget *window, *fields, *preview, *memory, *bar, *message, *run_button, *buttons;
    SfmModelPicker *models;
    SfmJobPages *pages;
    SfmRunRows *run;
    SfmEstimate *estimate; // NULL: not yet
    SfmJob job;            // of the tab that is shown
    int steps[SFM_NUM_JOBS];
    SfmForm form;
    SfmSubject subject;
    int source;        // the layer that the preview shows; -1: none
    SfmWorker *worker; // NULL: no job is running
    SfmOutcome *outcome;
    GError *error; // why the dialog was given up
} Dialog;

// ---- what is said -----------------------------------------------------------

static void show_message(Dialog *dialog, const char *text)
{
    gtk_label_set_text(GTK_LABEL(dialog->message), text);
}

static void show_error(Dialog *dialog, const GError *error)
{
    g_autofree char *text = sfm_error_text(error);
    show_message(dialog, text);
}

static void relabel(void *data)
{
    Dialog *dialog = data;
    if (dialog->buttons)
        sfm_mnemonics_assign(dialog->window, dialog->buttons);
}

static void let_run(Dialog *dialog, bool can)
{
    gtk_dialog_set_response_sensitive(GTK_DIALOG(dialog->window), GTK_RESPONSE_OK, can);
}

static void read_form(Dialog *dialog)
{
    SfmArgument argument;
    sfm_job_pages_read(dialog->pages, &dialog->form);
    sfm_run_rows_read(dialog->run, &dialog->form);
    if (sfm_find_argument(dialog->form.job, "model", &argument))
        sfm_form_set_text(&dialog->form, &argument, sfm_model_picker_get(dialog->models)->name);
}

// ---- what a job needs, and whether it can be run ----------------------------

static void show_memory(uint64_t bytes, const GError *error, void *data)
{
    Dialog *dialog = data;
    g_autofree char *size = bytes > 0 ? g_format_size(bytes) : NULL;
    g_autofree char *text =
        size ? g_strdup_printf(_("Takes about %s of the device's memory"), size) : g_strdup("");
    gtk_label_set_text(GTK_LABEL(dialog->memory), text);
    if (error && !dialog->worker)
        show_error(dialog, error);
}

// The layers' sizes will do; what is selected of them is seldom less work.
static void ask_for_memory(Dialog *dialog)
{
    const SfmJobInfo *info = sfm_job_info(dialog->job);
    const int channels = sfm_model_picker_get(dialog->models)->channels;
    SfmPicture inputs[SFM_JOB_MAX_INPUTS] = { 0 };
    read_form(dialog);
    const int layers[] = { dialog->subject.layer, dialog->subject.to };
    for (int i = 0; info->inputs[i]; i++) {
        const bool is_mask = info->masked && !info->inputs[i + 1];
        const SfmHostItem item = sfm_host_item(layers[is_mask ? 0 : i]);
        inputs[i] = (SfmPicture){ item.area.width, item.area.height, is_mask ? 1 : channels, NULL };
    }
    sfm_estimate_ask(dialog->estimate, &dialog->form, inputs);
}

// Until there is more to see: the layer that the job starts from.
static void show_source(Dialog *dialog)
{
    sfm_job_pages_read_layers(dialog->pages, &dialog->subject);
    const bool has_source = sfm_job_info(dialog->job)->inputs[0] != NULL;
    const int source = has_source ? dialog->subject.layer : -1;
    if (source == dialog->source)
        return;
    dialog->source = source;
    g_auto(SfmThumbnail) thumbnail = { 0 };
    g_autoptr(GdkPixbuf) picture =
        source < 0 ? NULL : sfm_host_layer_picture(source, SFM_THUMBNAIL_SIZE);
    if (picture)
        sfm_thumbnail_copy(picture, &thumbnail);
    else
        sfm_thumbnail_make_empty(&thumbnail);
    sfm_preview_show(dialog->preview, &thumbnail);
}

// A job that cannot be run, or a model that cannot be used, says why.
static void check(void *data)
{
    Dialog *dialog = data;
    g_autoptr(GError) error = NULL;
    const char *lack = sfm_job_pages_lack(dialog->pages);
    const bool good = sfm_model_check(sfm_model_picker_get(dialog->models), &error);
    show_source(dialog);
    let_run(dialog, good && !lack);
    if (!good)
        show_error(dialog, error);
    else
        show_message(dialog, lack ? lack : "");
    if (good && !lack && dialog->estimate)
        ask_for_memory(dialog);
}

// ---- a job ------------------------------------------------------------------

// The fields are for the time before a job, the bar for the time of it.
static void show_running(Dialog *dialog, bool running)
{
    gtk_widget_set_sensitive(dialog->fields, !running);
    for (int response = RESPONSE_RELOAD; response <= RESPONSE_COMMAND; response++)
        gtk_dialog_set_response_sensitive(GTK_DIALOG(dialog->window), response, !running);
    sfm_estimate_stop(dialog->estimate);
    let_run(dialog, !running);
    gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(dialog->bar), 0);
}

static void end_job(Dialog *dialog)
{
    g_autoptr(SfmWorker) worker = g_steal_pointer(&dialog->worker);
    g_autoptr(GError) error = NULL;
    if (sfm_worker_finish(worker, &dialog->outcome->pictures, &error)) {
        g_main_loop_quit(dialog->loop);
        return;
    }
    show_running(dialog, false);
    if (g_error_matches(error, SFM_ERROR, SFM_ERROR_CANCELLED))
        show_message(dialog, _("Cancelled; the image is as it was."));
    else
        show_error(dialog, error);
}

static void report(const SfmProgress *progress, bool ended, void *data)
{
    Dialog *dialog = data;
    if (ended) {
        end_job(dialog);
        return;
    }
    g_autofree char *text = sfm_progress_text(progress);
    show_message(dialog, text);
    gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(dialog->bar), CLAMP(progress->fraction, 0, 1));
    g_auto(SfmThumbnail) thumbnail = { 0 };
    if (sfm_worker_take_thumbnail(dialog->worker, &thumbnail))
        sfm_preview_show(dialog->preview, &thumbnail);
}

static void start_job(Dialog *dialog)
{
    g_autoptr(GError) error = NULL;
    read_form(dialog);
    sfm_job_pages_read_layers(dialog->pages, &dialog->subject);
    sfm_outcome_clear(dialog->outcome);
    if (!sfm_form_check(&dialog->form, &error) ||
        !sfm_origin_read(&dialog->subject, dialog->form.job, &dialog->outcome->origin, &error)) {
        show_error(dialog, error);
        return;
    }
    show_running(dialog, true);
    dialog->worker = sfm_worker_start(&dialog->form, &dialog->outcome->origin,
                                      sfm_run_rows_library(dialog->run), report, dialog);
    sfm_worker_want_thumbnails(dialog->worker);
}

// Of a job that is running, this is its end; else it is the dialog's.
static void give_up(Dialog *dialog)
{
    if (dialog->worker) {
        sfm_worker_cancel(dialog->worker);
        return;
    }
    g_set_error(&dialog->error, SFM_ERROR, SFM_ERROR_CANCELLED, "cancelled");
    g_main_loop_quit(dialog->loop);
}

// ---- what a person does -----------------------------------------------------

static void look_at_scripts(Dialog *dialog)
{
    g_autofree char *wrong = dialog->worker ? NULL : sfm_run_rows_look(dialog->run);
    if (wrong)
        show_message(dialog, wrong);
}

// Who comes back may have been at a script.
static gboolean look_again(GtkWidget *window, GdkEventFocus *event, gpointer data)
{
    look_at_scripts(data);
    return FALSE;
}

static void show_form(Dialog *dialog);

// What the recipe asks for stands in the fields even if something of it is missing.
static bool take_recipe(Dialog *dialog, const char *text, GError **error)
{
    g_autoptr(SfmRecipe) recipe = sfm_recipe_parse(text, error);
    if (!recipe || !sfm_form_take_recipe(&dialog->form, recipe, error))
        return false;
    show_form(dialog);
    return sfm_recipe_check(recipe, NULL, NULL, sfm_run_rows_library(dialog->run), error);
}

static void load_recipe(Dialog *dialog)
{
    g_autoptr(GError) error = NULL;
    read_form(dialog);
    sfm_job_pages_read_layers(dialog->pages, &dialog->subject);
    const int image = dialog->subject.image;
    const int layer = dialog->subject.layer >= 0 || image < 0 ? dialog->subject.layer
                                                              : sfm_host_active_layer(image);
    g_autofree char *text = sfm_recipe_choose(GTK_WINDOW(dialog->window), layer, &error);
    if (text && take_recipe(dialog, text, &error))
        show_message(dialog, _("The recipe is loaded; nothing that it needs has changed."));
    if (error)
        show_error(dialog, error);
}

static void copy_command(Dialog *dialog)
{
    g_autoptr(GError) error = NULL;
    read_form(dialog);
    g_autofree char *command = sfm_form_command(&dialog->form, &error);
    if (!command) {
        show_error(dialog, error);
        return;
    }
    GtkClipboard *clipboard = gtk_clipboard_get(GDK_SELECTION_CLIPBOARD);
    gtk_clipboard_set_text(clipboard, command, -1);
    gtk_clipboard_set_can_store(clipboard, NULL, 0);
    show_message(dialog, _("The command is on the clipboard."));
}

static void respond(GtkDialog *window, int response, gpointer data)
{
    if (response == GTK_RESPONSE_OK)
        start_job(data);
    else if (response == RESPONSE_RELOAD)
        look_at_scripts(data);
    else if (response == RESPONSE_RECIPE)
        load_recipe(data);
    else if (response == RESPONSE_COMMAND)
        copy_command(data);
    else
        give_up(data);
}

// The words on the button that runs each job.
static const char *const verbs[SFM_NUM_JOBS] = {
    [SFM_JOB_GENERATE] = N_("_Generate"),       [SFM_JOB_VARY] = N_("_Vary"),
    [SFM_JOB_DENOISE] = N_("_Denoise"),         [SFM_JOB_INPAINT] = N_("_Inpaint"),
    [SFM_JOB_INTERPOLATE] = N_("_Interpolate"),
};

static void show_job(Dialog *dialog)
{
    gtk_button_set_label(GTK_BUTTON(dialog->run_button), _(verbs[dialog->job]));
    sfm_describe(dialog->run_button, _(verbs[dialog->job]), _(sfm_job_info(dialog->job)->summary));
    sfm_run_rows_show_steps(dialog->run, dialog->steps[dialog->job]);
    relabel(dialog);
    check(dialog);
}

// How many steps are right is each job's own.
static void switch_job(void *data)
{
    Dialog *dialog = data;
    sfm_run_rows_read(dialog->run, &dialog->form);
    dialog->steps[dialog->job] = dialog->form.steps;
    dialog->job = sfm_job_pages_job(dialog->pages);
    show_job(dialog);
}

static void take_steps(Dialog *dialog, const SfmModelInfo *model)
{
    g_auto(SfmForm) card;
    sfm_form_init(&card);
    for (int job = 0; job < SFM_NUM_JOBS; job++) {
        card.job = (SfmJob)job;
        sfm_form_take_card(&card, model);
        dialog->steps[job] = card.steps;
    }
}

// Another model has other choices on its card; what is not on it stays.
static void choose_model(void *data)
{
    Dialog *dialog = data;
    const SfmModelInfo *model = sfm_model_picker_get(dialog->models);
    read_form(dialog);
    sfm_form_take_card(&dialog->form, model);
    take_steps(dialog, model);
    sfm_run_rows_set_model(dialog->run, model);
    sfm_run_rows_show(dialog->run, &dialog->form);
    sfm_job_pages_show_size(dialog->pages, model->width, model->height);
    show_job(dialog);
}

// The form's values where it is one that was filled in before, else the card's.
static void show_form(Dialog *dialog)
{
    SfmForm *form = &dialog->form;
    const bool known = sfm_model_picker_set(dialog->models, form->model);
    const SfmModelInfo *model = sfm_model_picker_get(dialog->models);
    take_steps(dialog, model);
    if (!known || form->steps == 0)
        sfm_form_take_card(form, model);
    if (form->width == 0 || !known) {
        form->width = model->width;
        form->height = model->height;
    }
    dialog->job = form->job;
    dialog->steps[form->job] = form->steps;
    sfm_run_rows_set_model(dialog->run, model);
    sfm_run_rows_show(dialog->run, form);
    sfm_job_pages_show(dialog->pages, form, &dialog->subject);
    show_job(dialog);
}

// ---- the window -------------------------------------------------------------

// What goes with the model on the left, and with the job on the right.
static bool build_fields(Dialog *dialog, const SfmHostPlace *target, GError **error)
{
    g_auto(SfmRows) left, right;
    sfm_rows_init(&left);
    sfm_rows_init(&right);
    dialog->fields = sfm_host_box_new(GTK_ORIENTATION_HORIZONTAL, BORDER);
    gtk_box_pack_start(GTK_BOX(dialog->fields), left.box, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(dialog->fields), right.box, TRUE, TRUE, 0);
    g_object_ref_sink(dialog->fields);
    dialog->models = sfm_model_picker_new(&left, choose_model, dialog, error);
    if (!dialog->models)
        return false;
    dialog->pages = sfm_job_pages_new(target, switch_job, check, dialog);
    sfm_rows_add_whole(&right, sfm_job_pages_widget(dialog->pages));
    dialog->run = sfm_run_rows_new(&left, &right, relabel, check, dialog);
    dialog->preview =
        sfm_preview_new(_("Preview"), _("What the picture becomes, while it is being made"));
    dialog->memory = sfm_text_new(MEMORY_WIDTH);
    sfm_rows_add_whole(&left, dialog->preview);
    sfm_rows_add_whole(&left, dialog->memory);
    return true;
}

static void add_action(Dialog *dialog, int response, const char *label, const char *help)
{
    GtkWidget *button = gtk_dialog_add_button(GTK_DIALOG(dialog->window), label, response);
    dialog->buttons = gtk_widget_get_parent(button);
    sfm_describe(button, label, help);
    if (response > 0 && GTK_IS_BUTTON_BOX(dialog->buttons))
        gtk_button_box_set_child_secondary(GTK_BUTTON_BOX(dialog->buttons), button, TRUE);
}

static void add_buttons(Dialog *dialog)
{
    GtkDialog *window = GTK_DIALOG(dialog->window);
    add_action(dialog, RESPONSE_RECIPE, _("Load Recipe..."),
               _("Sets everything as it was when a picture was made: of a layer, or of a file"));
    add_action(dialog, RESPONSE_COMMAND, _("Copy as Command"),
               _("Puts on the clipboard how the program sfumato is told the same"));
    add_action(dialog, RESPONSE_RELOAD, _("_Reload Scripts"),
               _("Looks for schedules and samplers that are new or have been changed"));
    add_action(dialog, GTK_RESPONSE_CANCEL, _("_Cancel"),
               _("Ends the job, or closes the dialog where none runs"));
    dialog->run_button = gtk_dialog_add_button(window, _(verbs[0]), GTK_RESPONSE_OK);
    gtk_dialog_set_default_response(window, GTK_RESPONSE_OK);
}

static void build_window(Dialog *dialog)
{
    dialog->window =
        gimp_dialog_new(_("Diffusion"), "sfumato-diffusion", NULL, 0, NULL, NULL, NULL, NULL);
    gtk_window_set_resizable(GTK_WINDOW(dialog->window), FALSE);
    gimp_window_set_transient(GTK_WINDOW(dialog->window));
    GtkWidget *box = sfm_host_box_new(GTK_ORIENTATION_VERTICAL, BORDER);
    gtk_container_set_border_width(GTK_CONTAINER(box), BORDER);
    dialog->bar = gtk_progress_bar_new();
    dialog->message = sfm_text_new(MESSAGE_WIDTH);
    gtk_box_pack_start(GTK_BOX(box), dialog->fields, TRUE, TRUE, 0);
    gtk_box_pack_start(GTK_BOX(box), dialog->bar, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(box), dialog->message, FALSE, FALSE, 0);
    gtk_widget_show_all(box);
    gtk_box_pack_start(GTK_BOX(gtk_dialog_get_content_area(GTK_DIALOG(dialog->window))), box, TRUE,
                       TRUE, 0);
    add_buttons(dialog);
    g_signal_connect(dialog->window, "response", G_CALLBACK(respond), dialog);
}

static void dialog_clear(Dialog *dialog)
{
    if (dialog->window)
        gtk_widget_destroy(dialog->window);
    g_clear_object(&dialog->fields);
    g_clear_pointer(&dialog->loop, g_main_loop_unref);
    sfm_estimate_free(dialog->estimate);
    sfm_run_rows_free(dialog->run);
    sfm_job_pages_free(dialog->pages);
    sfm_model_picker_free(dialog->models);
    sfm_form_clear(&dialog->form);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Dialog, dialog_clear)

static void take_over(const Dialog *dialog, const SfmHostPlace *target, SfmForm *form)
{
    const int width = form->width, height = form->height;
    sfm_form_copy(&dialog->form, form);
    if (target->image >= 0) {
        form->width = width; // of the last new image
        form->height = height;
    }
    dialog->outcome->title = g_strdup(sfm_model_picker_get(dialog->models)->title);
}

bool sfm_dialog_run(const SfmSubject *subject, SfmForm *form, SfmOutcome *outcome, GError **error)
{
    SfmHostPlace target;
    g_auto(Dialog) dialog = { .outcome = outcome, .subject = *subject, .source = -1 };
    if (!sfm_host_target(subject->image, &target, error))
        return false;
    dialog.loop = g_main_loop_new(NULL, FALSE);
    sfm_form_init(&dialog.form);
    sfm_form_copy(form, &dialog.form);
    if (!build_fields(&dialog, &target, error))
        return false;
    build_window(&dialog);
    dialog.estimate = sfm_estimate_new(sfm_run_rows_library(dialog.run), show_memory, &dialog);
    show_form(&dialog);
    g_signal_connect(dialog.window, "focus-in-event", G_CALLBACK(look_again), &dialog);
    gtk_widget_show(dialog.window);
    g_main_loop_run(dialog.loop);

    if (dialog.error) {
        g_propagate_error(error, dialog.error);
        return false;
    }
    take_over(&dialog, &target, form);
    return true;
}
