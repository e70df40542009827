// SPDX-License-Identifier: GPL-3.0-or-later
//
// GIMP's own progress bar kills the plug-in when it is cancelled. Here the job
// runs in a thread while the dialog stays up, so that its Cancel is a clean one.
#include "gimp/dialog.h"

#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>

#include "common/text.h"
#include "gimp/rows.h"

enum { BORDER = 12, MESSAGE_WIDTH = 380 }; // pixels

typedef struct {
    GMainLoop *loop;
    GtkWidget *window, *bar, *message;
    SfmRows *rows;
    SfmForm form;
    const SfmSubject *subject;
    SfmWorker *worker; // NULL: no job is running
    SfmOutcome *outcome;
    GError *error; // why the dialog was given up
} Dialog;

static void show_message(Dialog *dialog, const char *text)
{
    gtk_label_set_text(GTK_LABEL(dialog->message), text);
    gtk_widget_set_visible(dialog->message, text[0] != '\0');
}

static void show_error(Dialog *dialog, const GError *error)
{
    g_autofree char *text = sfm_error_text(error);
    show_message(dialog, text);
}

// The fields are for the time before a job, the bar for the time of it.
static void show_running(Dialog *dialog, bool running)
{
    gtk_widget_set_sensitive(sfm_rows_widget(dialog->rows), !running);
    gtk_dialog_set_response_sensitive(GTK_DIALOG(dialog->window), GTK_RESPONSE_OK, !running);
    gtk_widget_set_visible(dialog->bar, running);
    gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(dialog->bar), 0);
}

static void end_job(Dialog *dialog)
{
    g_autoptr(SfmWorker) worker = g_steal_pointer(&dialog->worker);
    g_autoptr(GError) error = NULL;
    if (!sfm_worker_finish(worker, &dialog->outcome->pictures, &error) &&
        !g_error_matches(error, SFM_ERROR, SFM_ERROR_CANCELLED)) {
        show_running(dialog, false);
        show_error(dialog, error);
        return;
    }
    dialog->error = g_steal_pointer(&error);
    g_main_loop_quit(dialog->loop);
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
}

static void start_job(Dialog *dialog)
{
    g_autoptr(GError) error = NULL;
    sfm_rows_read(dialog->rows, &dialog->form);
    sfm_outcome_clear(dialog->outcome);
    if (!sfm_form_check(&dialog->form, &error) ||
        !sfm_origin_read(dialog->subject, dialog->form.job, &dialog->outcome->origin, &error)) {
        show_error(dialog, error);
        return;
    }
    show_running(dialog, true);
    dialog->worker = sfm_worker_start(&dialog->form, &dialog->outcome->origin,
                                      sfm_rows_library(dialog->rows), report, dialog);
}

static void give_up(Dialog *dialog)
{
    if (dialog->worker) {
        sfm_worker_cancel(dialog->worker); // its end closes the dialog
        return;
    }
    g_set_error(&dialog->error, SFM_ERROR, SFM_ERROR_CANCELLED, "cancelled");
    g_main_loop_quit(dialog->loop);
}

static void respond(GtkDialog *window, int response, gpointer data)
{
    if (response == GTK_RESPONSE_OK)
        start_job(data);
    else
        give_up(data);
}

// A model that cannot be used says why.
static void check_model(void *data)
{
    Dialog *dialog = data;
    g_autoptr(GError) error = NULL;
    const bool good = sfm_model_check(sfm_rows_model(dialog->rows), &error);
    gtk_dialog_set_response_sensitive(GTK_DIALOG(dialog->window), GTK_RESPONSE_OK, good);
    if (good)
        show_message(dialog, "");
    else
        show_error(dialog, error);
}

static GtkWidget *message_new(void)
{
    GtkWidget *message = gtk_label_new(NULL);
    gtk_label_set_line_wrap(GTK_LABEL(message), TRUE);
    gtk_label_set_selectable(GTK_LABEL(message), TRUE);
    gtk_widget_set_can_focus(message, FALSE);
    gtk_widget_set_size_request(message, MESSAGE_WIDTH, -1);
    g_object_set(message, "xalign", 0.0, NULL);
    return message;
}

// Who comes back may have been at a script.
static gboolean look_again(GtkWidget *window, GdkEventFocus *event, gpointer data)
{
    Dialog *dialog = data;
    g_autofree char *wrong = dialog->worker ? NULL : sfm_rows_look(dialog->rows);
    if (wrong)
        show_message(dialog, wrong);
    return FALSE;
}

static void build_window(Dialog *dialog)
{
    dialog->window =
        gimp_dialog_new("Diffusion", "sfumato-diffusion", NULL, 0, NULL, NULL, "_Cancel",
                        GTK_RESPONSE_CANCEL, "_Generate", GTK_RESPONSE_OK, NULL);
    gtk_dialog_set_default_response(GTK_DIALOG(dialog->window), GTK_RESPONSE_OK);
    gtk_window_set_resizable(GTK_WINDOW(dialog->window), FALSE);
    gimp_window_set_transient(GTK_WINDOW(dialog->window));
    GtkWidget *box = sfm_host_box_new(GTK_ORIENTATION_VERTICAL, BORDER);
    gtk_container_set_border_width(GTK_CONTAINER(box), BORDER);
    dialog->bar = gtk_progress_bar_new();
    dialog->message = message_new();
    gtk_box_pack_start(GTK_BOX(box), sfm_rows_widget(dialog->rows), FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(box), dialog->bar, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(box), dialog->message, FALSE, FALSE, 0);
    gtk_widget_show_all(box);
    gtk_box_pack_start(GTK_BOX(gtk_dialog_get_content_area(GTK_DIALOG(dialog->window))), box, TRUE,
                       TRUE, 0);
    g_signal_connect(dialog->window, "response", G_CALLBACK(respond), dialog);
    g_signal_connect(dialog->window, "focus-in-event", G_CALLBACK(look_again), dialog);
    sfm_rows_connect(dialog->rows, check_model, dialog);
    show_running(dialog, false);
    check_model(dialog);
}

static void dialog_clear(Dialog *dialog)
{
    gtk_widget_destroy(dialog->window);
    g_main_loop_unref(dialog->loop);
    sfm_rows_free(dialog->rows);
    sfm_form_clear(&dialog->form);
}

bool sfm_dialog_run(const SfmSubject *subject, SfmForm *form, SfmOutcome *outcome, GError **error)
{
    SfmHostPlace target;
    if (!sfm_host_target(subject->image, &target, error))
        return false;
    Dialog dialog = { .rows = sfm_rows_new(form, &target, error),
                      .subject = subject,
                      .outcome = outcome };
    if (!dialog.rows)
        return false;
    sfm_form_init(&dialog.form);
    sfm_form_copy(form, &dialog.form);
    dialog.loop = g_main_loop_new(NULL, FALSE);
    build_window(&dialog);
    gtk_widget_show(dialog.window);
    g_main_loop_run(dialog.loop);

    const bool done = dialog.error == NULL;
    if (done) {
        if (target.image >= 0) {
            dialog.form.width = form->width; // of the last new image
            dialog.form.height = form->height;
        }
        sfm_form_copy(&dialog.form, form);
        outcome->title = g_strdup(sfm_rows_model(dialog.rows)->title);
    } else {
        g_propagate_error(error, dialog.error);
    }
    dialog_clear(&dialog);
    return done;
}
