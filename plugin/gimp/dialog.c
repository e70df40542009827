// SPDX-License-Identifier: GPL-3.0-or-later
//
// GIMP's own progress bar kills the plug-in when it is cancelled. Here the job
// runs in a thread while the dialog stays up, so that its Cancel is a clean one.
#include "gimp/dialog.h"

#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>

#include "common/command.h"
#include "common/text.h"
#include "common/translation.h"
#include "gimp/fields.h"
#include "gimp/mnemonics.h"
#include "gimp/recipe_check.h"
#include "gimp/recipe_chooser.h"
#include "gimp/rows.h"

enum { BORDER = 12, MESSAGE_WIDTH = 600 }; // pixels

enum { RESPONSE_RELOAD = 1, RESPONSE_RECIPE, RESPONSE_COMMAND };

typedef struct {
    GMainLoop *loop;
    GtkWidget *window, *bar, *message, *run_button, *buttons;
    SfmFields *fields;
    SfmWorker *worker;      // NULL: no job is running
    GCancellable *checking; // of the recipe that was loaded last; NULL: none was
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

static void show_check(const char *text, bool good, void *data)
{
    let_run(data, good);
    show_message(data, text);
}

// ---- a job ------------------------------------------------------------------

// The fields are for the time before a job, the bar for the time of it.
static void show_running(Dialog *dialog, bool running)
{
    sfm_fields_set_running(dialog->fields, running);
    for (int response = RESPONSE_RELOAD; response <= RESPONSE_COMMAND; response++)
        gtk_dialog_set_response_sensitive(GTK_DIALOG(dialog->window), response, !running);
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
        sfm_fields_show_picture(dialog->fields, &thumbnail);
}

// What is found out about it is no more of interest.
static void forget_recipe(Dialog *dialog)
{
    if (dialog->checking)
        g_cancellable_cancel(dialog->checking);
    g_clear_object(&dialog->checking);
}

static void start_job(Dialog *dialog)
{
    g_autoptr(GError) error = NULL;
    const SfmForm *form = sfm_fields_form(dialog->fields);
    SfmOrigin *origin = &dialog->outcome->origin;
    forget_recipe(dialog);
    sfm_outcome_clear(dialog->outcome);
    if (!sfm_form_check(form, &error) ||
        !sfm_origin_read(sfm_fields_subject(dialog->fields), form->job, origin, &error)) {
        show_error(dialog, error);
        return;
    }
    show_running(dialog, true);
    dialog->worker =
        sfm_worker_start(form, origin, sfm_fields_library(dialog->fields), report, dialog);
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
    g_autofree char *wrong = dialog->worker ? NULL : sfm_fields_look_at_scripts(dialog->fields);
    if (wrong)
        show_message(dialog, wrong);
}

// Who comes back may have been at a script.
static gboolean look_again(GtkWidget *window, GdkEventFocus *event, gpointer data)
{
    look_at_scripts(data);
    return FALSE;
}

static void tell_of_recipe(const GError *error, void *data)
{
    if (error)
        show_error(data, error);
    else
        show_message(data, _("The recipe is loaded; nothing that it needs has changed."));
}

// What it asks for stands in the fields even if something of it is missing.
static bool take_recipe(Dialog *dialog, const char *text, GError **error)
{
    g_autoptr(SfmRecipe) recipe = sfm_recipe_parse(text, error);
    if (!recipe || !sfm_fields_take_recipe(dialog->fields, recipe, error))
        return false;
    dialog->checking = g_cancellable_new();
    sfm_recipe_check_start(g_steal_pointer(&recipe), sfm_fields_library(dialog->fields),
                           dialog->checking, tell_of_recipe, dialog);
    return true;
}

static void load_recipe(Dialog *dialog)
{
    g_autoptr(GError) error = NULL;
    const SfmSubject *subject = sfm_fields_subject(dialog->fields);
    const int layer = subject->layer >= 0 || subject->image < 0
                          ? subject->layer
                          : sfm_host_active_layer(subject->image);
    forget_recipe(dialog);
    g_autofree char *text = sfm_recipe_choose(GTK_WINDOW(dialog->window), layer, &error);
    const bool taken = text && take_recipe(dialog, text, &error);
    if (!taken && error)
        show_error(dialog, error);
}

static void copy_command(Dialog *dialog)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *command = sfm_form_command(sfm_fields_form(dialog->fields), &error);
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

static void show_job(SfmJob job, void *data)
{
    const Dialog *dialog = data;
    gtk_button_set_label(GTK_BUTTON(dialog->run_button), _(verbs[job]));
    sfm_describe(dialog->run_button, _(verbs[job]), _(sfm_job_info(job)->summary));
}

// ---- the window -------------------------------------------------------------

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
    gtk_box_pack_start(GTK_BOX(box), sfm_fields_widget(dialog->fields), TRUE, TRUE, 0);
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
    forget_recipe(dialog);
    if (dialog->window)
        gtk_widget_destroy(dialog->window);
    g_clear_pointer(&dialog->loop, g_main_loop_unref);
    sfm_fields_free(dialog->fields);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Dialog, dialog_clear)

static void take_over(const Dialog *dialog, const SfmHostPlace *target, SfmForm *form)
{
    const int width = form->width, height = form->height;
    sfm_form_copy(sfm_fields_form(dialog->fields), form);
    if (target->image >= 0) {
        form->width = width; // of the last new image
        form->height = height;
    }
    dialog->outcome->title = g_strdup(sfm_fields_model(dialog->fields)->title);
}

bool sfm_dialog_run(const SfmSubject *subject, SfmForm *form, SfmOutcome *outcome, GError **error)
{
    SfmHostPlace target;
    g_auto(Dialog) dialog = { .outcome = outcome };
    const SfmFieldsFuncs funcs = { show_job, relabel, show_check, &dialog };
    if (!sfm_host_target(subject->image, &target, error))
        return false;
    dialog.loop = g_main_loop_new(NULL, FALSE);
    dialog.fields = sfm_fields_new(subject, &target, form, &funcs, error);
    if (!dialog.fields)
        return false;
    build_window(&dialog);
    sfm_fields_show(dialog.fields);
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
