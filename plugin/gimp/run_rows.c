// SPDX-License-Identifier: GPL-3.0-or-later
#include "gimp/run_rows.h"

#include <string.h>

#include "common/translation.h"
#include "gimp/devices.h"
#include "gimp/script_picker.h"

struct SfmRunRows {
    SfmScriptLibrary *library;
    const SfmModelInfo *model; // borrowed; NULL: not yet
    GtkWidget *class_name, *steps, *guidance, *seed, *device;
    SfmScriptPicker *sampler, *schedule;
    SfmRunRowsFunc changed;
    void *user_data;
    bool setting;
};

static void note_change(GtkWidget *widget, gpointer data)
{
    SfmRunRows *run = data;
    if (!run->setting)
        run->changed(run->user_data);
}

// ---- classes: "Any" comes first where the model can do without ---------------

static bool has_any(const SfmModelInfo *model)
{
    return model->num_classes == 0 || model->guidance;
}

static void show_class(SfmRunRows *run, const char *name)
{
    const SfmModelInfo *model = run->model;
    const int first = has_any(model) ? 1 : 0;
    int found = 0;
    for (size_t i = 0; i < model->num_classes; i++)
        if (g_ascii_strcasecmp(model->classes[i], name) == 0) // as the engine has it
            found = (int)i + first;
    sfm_combo_set(run->class_name, found);
}

static void list_classes(SfmRunRows *run)
{
    const SfmModelInfo *model = run->model;
    sfm_combo_clear(run->class_name);
    if (has_any(model))
        sfm_combo_add(run->class_name,
                      model->num_classes > 0 ? C_("class", "Any") : C_("class", "None"));
    for (size_t i = 0; i < model->num_classes; i++)
        sfm_combo_add(run->class_name, model->classes[i]);
    gtk_widget_set_sensitive(run->class_name, model->num_classes > 0);
}

static const char *chosen_class(const SfmRunRows *run)
{
    const int index = sfm_combo_get(run->class_name) - (has_any(run->model) ? 1 : 0);
    return index < 0 ? "" : run->model->classes[index];
}

// ---- rows -------------------------------------------------------------------

static void roll_seed(GtkButton *button, gpointer data)
{
    SfmRunRows *run = data;
    sfm_spin_set(run->seed, g_random_int_range(0, SFM_MAX_SEED));
}

// Guidance stands beside the steps, with a label of its own.
static GtkWidget *guidance_box(SfmRunRows *run)
{
    GtkWidget *label = gtk_label_new_with_mnemonic(_("G_uidance:"));
    run->guidance = sfm_spin_new(1, sfm_field_max("guidance"), 0.1);
    gtk_label_set_mnemonic_widget(GTK_LABEL(label), run->guidance);
    sfm_describe(run->guidance, _("G_uidance:"),
                 _("How strongly the class is insisted upon; 1: not at all"));
    return sfm_line_new(label, run->guidance, NULL);
}

static void add_choices(SfmRunRows *run, SfmRows *rows)
{
    GtkWidget *roll =
        sfm_button_new(_("_New Seed"), _("Another seed, by chance"), G_CALLBACK(roll_seed), run);
    run->class_name = sfm_combo_new();
    run->seed = sfm_spin_new(0, SFM_MAX_SEED, 1);
    run->device = sfm_device_combo_new("");
    sfm_rows_add_wide(rows, _("C_lass:"), _("What to make, of what the model has learnt"),
                      run->class_name, NULL);
    sfm_rows_add(rows, _("S_eed:"), _("The same seed makes the same picture"), run->seed, roll);
    sfm_rows_add_wide(rows, _("De_vice:"), _("The graphics processor that computes"), run->device,
                      NULL);
}

static void add_ways(SfmRunRows *run, SfmRows *rows, SfmRunRowsFunc relabel)
{
    run->steps = sfm_spin_new(1, sfm_field_max("steps"), 1);
    sfm_rows_add(rows, _("S_teps:"), _("In how many steps the noise is taken away"), run->steps,
                 guidance_box(run));
    run->sampler =
        sfm_script_picker_new(rows, SFM_SCRIPT_SAMPLER, relabel, run->changed, run->user_data);
    run->schedule =
        sfm_script_picker_new(rows, SFM_SCRIPT_SCHEDULE, relabel, run->changed, run->user_data);
    sfm_script_picker_fold_with(run->sampler, run->schedule);
}

static void connect_rows(SfmRunRows *run)
{
    static const char changed[] = "changed", value_changed[] = "value-changed";
    g_signal_connect(run->class_name, changed, G_CALLBACK(note_change), run);
    g_signal_connect(run->device, changed, G_CALLBACK(note_change), run);
    g_signal_connect(run->steps, value_changed, G_CALLBACK(note_change), run);
    g_signal_connect(run->guidance, value_changed, G_CALLBACK(note_change), run);
}

SfmRunRows *sfm_run_rows_new(SfmRows *first, SfmRows *second, SfmRunRowsFunc relabel,
                             SfmRunRowsFunc changed, void *user_data)
{
    SfmRunRows *run = g_new0(SfmRunRows, 1);
    run->library = sfm_script_library_new(NULL);
    run->changed = changed;
    run->user_data = user_data;
    run->setting = true;
    add_choices(run, first);
    add_ways(run, second, relabel);
    sfm_script_picker_list(run->sampler, run->library);
    sfm_script_picker_list(run->schedule, run->library);
    connect_rows(run);
    run->setting = false;
    return run;
}

void sfm_run_rows_free(SfmRunRows *run)
{
    if (!run)
        return;
    sfm_script_picker_free(run->sampler);
    sfm_script_picker_free(run->schedule);
    sfm_script_library_unref(run->library);
    g_free(run);
}

SfmScriptLibrary *sfm_run_rows_library(SfmRunRows *run)
{
    return run->library;
}

char *sfm_run_rows_look(SfmRunRows *run)
{
    sfm_script_picker_list(run->sampler, run->library);
    sfm_script_picker_list(run->schedule, run->library);
    g_autoptr(GPtrArray) files = sfm_script_library_files(run->library);
    for (guint i = 0; i < files->len; i++) {
        const SfmScriptFile *file = files->pdata[i];
        if (file->error)
            return file->info ? g_strdup_printf(_("%s; the version before is in use."), file->error)
                              : g_strdup_printf("%s.", file->error);
    }
    return NULL;
}

// ---- the form ---------------------------------------------------------------

void sfm_run_rows_set_model(SfmRunRows *run, const SfmModelInfo *model)
{
    run->setting = true;
    run->model = model;
    list_classes(run);
    gtk_widget_set_sensitive(run->guidance, model->guidance);
    sfm_script_picker_set_usual(run->sampler, model->counterpart_sampler, model->settings);
    sfm_script_picker_set_usual(run->schedule, model->counterpart_schedule, model->settings);
    run->setting = false;
}

void sfm_run_rows_show_steps(SfmRunRows *run, int steps)
{
    run->setting = true;
    sfm_spin_set(run->steps, steps);
    run->setting = false;
}

void sfm_run_rows_show(SfmRunRows *run, const SfmForm *form)
{
    // One that cannot be read was never checked; it sets nothing.
    g_auto(GStrv) settings = sfm_form_settings(form, NULL);
    run->setting = true;
    show_class(run, form->class_name);
    sfm_script_picker_set(run->sampler, form->sampler, settings);
    sfm_script_picker_set(run->schedule, form->schedule, settings);
    sfm_spin_set(run->steps, form->each[form->job].steps);
    sfm_spin_set(run->guidance, form->guidance);
    sfm_spin_set(run->seed, form->seed);
    sfm_device_combo_set(run->device, form->device);
    run->setting = false;
}

static void replace(char **field, char *text)
{
    g_free(*field);
    *field = text;
}

static char *settings_text(const SfmRunRows *run)
{
    g_autoptr(GPtrArray) settings = g_ptr_array_new_with_free_func(g_free);
    GString *text = g_string_new(NULL);
    sfm_script_picker_read(run->sampler, settings);
    sfm_script_picker_read(run->schedule, settings);
    for (guint i = 0; i < settings->len; i++) {
        const char *setting = settings->pdata[i];
        g_autofree char *quoted = strpbrk(setting, " \t\n\"'\\$`#") ? g_shell_quote(setting) : NULL;
        g_string_append_printf(text, "%s%s", i > 0 ? " " : "", quoted ? quoted : setting);
    }
    return g_string_free(text, FALSE);
}

void sfm_run_rows_read(SfmRunRows *run, SfmForm *form)
{
    replace(&form->class_name, g_strdup(chosen_class(run)));
    replace(&form->sampler, g_strdup(sfm_script_picker_get(run->sampler)));
    replace(&form->schedule, g_strdup(sfm_script_picker_get(run->schedule)));
    replace(&form->device, g_strdup(sfm_device_combo_get(run->device)));
    replace(&form->script_params, settings_text(run));
    form->each[form->job].steps = (int)sfm_spin_get(run->steps);
    form->seed = (int)sfm_spin_get(run->seed);
    form->guidance = run->model->guidance ? sfm_spin_get(run->guidance) : 0;
}
