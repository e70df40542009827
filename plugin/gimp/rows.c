// SPDX-License-Identifier: GPL-3.0-or-later
//
// Only what GTK 2.24 and GTK 3 both have, and neither calls deprecated; boxes,
// where they have nothing in common, come from the host.
#include "gimp/rows.h"

#include <string.h>

#include "common/translation.h"

enum {
    SPACING = 6,
    COLUMN_SPACING = 12,
    TEXT_WIDTH = 300, // pixels, of the model's description
    MAX_DIALOG_STEPS = 1000,
    MAX_DIALOG_SIZE = 32768,
};

struct SfmRows {
    SfmScriptLibrary *library;
    GPtrArray *models, *schedules, *samplers; // of their infos, owned
    bool has_target;                          // the size is that of the target

    GtkWidget *box, *model, *about, *class_name, *schedule, *sampler;
    GtkWidget *steps, *seed, *width, *height, *guidance, *count;
    GtkSizeGroup *labels;

    SfmRowsFunc changed;
    void *user_data;
};

// ---- combo boxes ------------------------------------------------------------

static void combo_clear(GtkWidget *combo)
{
    gtk_list_store_clear(GTK_LIST_STORE(gtk_combo_box_get_model(GTK_COMBO_BOX(combo))));
}

static void combo_add(GtkWidget *combo, const char *text)
{
    gtk_combo_box_text_append_text(GTK_COMBO_BOX_TEXT(combo), text);
}

static void combo_set(GtkWidget *combo, int index)
{
    gtk_combo_box_set_active(GTK_COMBO_BOX(combo), index);
}

static int combo_get(GtkWidget *combo)
{
    return gtk_combo_box_get_active(GTK_COMBO_BOX(combo));
}

static void script_combo_fill(GtkWidget *combo, const GPtrArray *scripts)
{
    combo_clear(combo);
    for (guint i = 0; i < scripts->len; i++)
        combo_add(combo, sfm_translated(((SfmScriptInfo *)scripts->pdata[i])->title));
}

static int script_index(const GPtrArray *scripts, const char *name)
{
    for (guint i = 0; i < scripts->len; i++)
        if (strcmp(((SfmScriptInfo *)scripts->pdata[i])->name, name) == 0)
            return (int)i;
    return -1;
}

// A name that is not in the list, a broken script's for instance, gets an entry of
// its own: the engine says why it will not do.
static void script_combo_set(GtkWidget *combo, GPtrArray *scripts, const char *name)
{
    const int index = script_index(scripts, name);
    if (index < 0 && *name) {
        SfmScriptInfo *info = g_new0(SfmScriptInfo, 1);
        info->name = g_strdup(name);
        info->title = g_strdup(name);
        g_ptr_array_add(scripts, info);
        combo_add(combo, name);
    }
    combo_set(combo, index >= 0 ? index : *name ? (int)scripts->len - 1 : 0);
}

static const char *script_combo_get(GtkWidget *combo, GPtrArray *scripts)
{
    const int index = combo_get(combo);
    return index < 0 ? "" : ((SfmScriptInfo *)scripts->pdata[index])->name;
}

// ---- classes: "Any" comes first where the model can do without ---------------

static bool has_any(const SfmModelInfo *model)
{
    return model->num_classes == 0 || model->guidance;
}

static void class_combo_fill(GtkWidget *combo, const SfmModelInfo *model, const char *name)
{
    combo_clear(combo);
    const int first = has_any(model) ? 1 : 0;
    int found = 0;
    if (first)
        combo_add(combo, model->num_classes > 0 ? "Any" : "None");
    for (size_t i = 0; i < model->num_classes; i++) {
        combo_add(combo, model->classes[i]);
        if (g_ascii_strcasecmp(model->classes[i], name) == 0) // as the engine has it
            found = (int)i + first;
    }
    combo_set(combo, found);
    gtk_widget_set_sensitive(combo, model->num_classes > 0);
}

static const char *class_combo_get(GtkWidget *combo, const SfmModelInfo *model)
{
    const int index = combo_get(combo) - (has_any(model) ? 1 : 0);
    return index < 0 ? "" : model->classes[index];
}

// ---- rows -------------------------------------------------------------------

static GtkWidget *spin_new(double min, double max, double step, guint digits)
{
    GtkWidget *spin = gtk_spin_button_new_with_range(min, max, step);
    gtk_spin_button_set_digits(GTK_SPIN_BUTTON(spin), digits);
    gtk_entry_set_width_chars(GTK_ENTRY(spin), 7);
    gtk_entry_set_activates_default(GTK_ENTRY(spin), TRUE);
    return spin;
}

static void spin_set(GtkWidget *spin, double value)
{
    gtk_spin_button_set_value(GTK_SPIN_BUTTON(spin), value);
}

static double spin_get(GtkWidget *spin)
{
    gtk_spin_button_update(GTK_SPIN_BUTTON(spin)); // what is being typed counts
    return gtk_spin_button_get_value(GTK_SPIN_BUTTON(spin));
}

// A label and its widget, the labels of all rows being of one width. `rest`,
// which may be NULL, follows on the same line.
static void add_row(SfmRows *rows, const char *text, GtkWidget *widget, bool wide, GtkWidget *rest)
{
    GtkWidget *row = sfm_host_box_new(GTK_ORIENTATION_HORIZONTAL, COLUMN_SPACING);
    GtkWidget *label = gtk_label_new_with_mnemonic(text);
    g_object_set(label, "xalign", 0.0, NULL);
    gtk_label_set_mnemonic_widget(GTK_LABEL(label), widget);
    gtk_size_group_add_widget(rows->labels, label);
    gtk_box_pack_start(GTK_BOX(row), label, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(row), widget, wide, wide, 0);
    if (rest)
        gtk_box_pack_start(GTK_BOX(row), rest, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(rows->box), row, FALSE, FALSE, 0);
}

static void roll_seed(GtkButton *button, gpointer data)
{
    SfmRows *rows = data;
    spin_set(rows->seed, g_random_int_range(0, SFM_MAX_SEED));
}

static GtkWidget *seed_button(SfmRows *rows)
{
    GtkWidget *button = gtk_button_new_with_mnemonic("_New Seed");
    g_signal_connect(button, "clicked", G_CALLBACK(roll_seed), rows);
    return button;
}

static GtkWidget *height_box(SfmRows *rows)
{
    GtkWidget *box = sfm_host_box_new(GTK_ORIENTATION_HORIZONTAL, COLUMN_SPACING);
    gtk_box_pack_start(GTK_BOX(box), gtk_label_new("\xc3\x97"), FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(box), rows->height, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(box), gtk_label_new("pixels"), FALSE, FALSE, 0);
    return box;
}

static GtkWidget *about_new(void)
{
    GtkWidget *about = gtk_label_new(NULL);
    gtk_label_set_line_wrap(GTK_LABEL(about), TRUE);
    gtk_widget_set_size_request(about, TEXT_WIDTH, -1);
    g_object_set(about, "xalign", 0.0, NULL);
    return about;
}

static void build_box(SfmRows *rows)
{
    rows->box = sfm_host_box_new(GTK_ORIENTATION_VERTICAL, SPACING);
    rows->model = gtk_combo_box_text_new();
    rows->about = about_new();
    rows->class_name = gtk_combo_box_text_new();
    rows->width = spin_new(1, MAX_DIALOG_SIZE, 8, 0);
    rows->height = spin_new(1, MAX_DIALOG_SIZE, 8, 0);
    rows->seed = spin_new(0, SFM_MAX_SEED, 1, 0);
    rows->count = spin_new(1, 100, 1, 0);
    rows->schedule = gtk_combo_box_text_new();
    rows->sampler = gtk_combo_box_text_new();
    script_combo_fill(rows->schedule, rows->schedules);
    script_combo_fill(rows->sampler, rows->samplers);
    rows->steps = spin_new(1, MAX_DIALOG_STEPS, 1, 0);
    rows->guidance = spin_new(1, 30, 0.1, 2);
    gtk_entry_set_width_chars(GTK_ENTRY(rows->seed), 11);

    add_row(rows, "_Model:", rows->model, true, NULL);
    add_row(rows, "", rows->about, true, NULL);
    add_row(rows, "C_lass:", rows->class_name, true, NULL);
    add_row(rows, "Si_ze:", rows->width, false, height_box(rows));
    add_row(rows, "Num_ber:", rows->count, false, NULL);
    add_row(rows, "S_eed:", rows->seed, false, seed_button(rows));
    add_row(rows, "Sam_pler:", rows->sampler, true, NULL);
    add_row(rows, "Sche_dule:", rows->schedule, true, NULL);
    add_row(rows, "S_teps:", rows->steps, false, NULL);
    add_row(rows, "G_uidance:", rows->guidance, false, NULL);
}

// ---- the form ---------------------------------------------------------------

const SfmModelInfo *sfm_rows_model(const SfmRows *rows)
{
    const int index = combo_get(rows->model);
    return index < 0 ? NULL : rows->models->pdata[index];
}

// All fields that depend on the model.
static void show_choices(SfmRows *rows, const SfmForm *form)
{
    const SfmModelInfo *model = sfm_rows_model(rows);
    g_autofree char *origin = g_strconcat(model->attribution ? model->attribution : "",
                                          model->attribution && model->license ? "\n" : "",
                                          model->license ? model->license : "", NULL);
    gtk_label_set_text(GTK_LABEL(rows->about), model->description ? model->description : "");
    gtk_widget_set_tooltip_text(rows->about, origin[0] ? origin : NULL);
    class_combo_fill(rows->class_name, model, form->class_name);
    script_combo_set(rows->schedule, rows->schedules, form->schedule);
    script_combo_set(rows->sampler, rows->samplers, form->sampler);
    spin_set(rows->steps, form->steps);
    spin_set(rows->guidance, form->guidance);
    gtk_widget_set_sensitive(rows->guidance, model->guidance);
}

static void show_size(SfmRows *rows, int width, int height)
{
    enum { FALLBACK = 64 }; // where the model takes any
    spin_set(rows->width, width > 0 ? width : FALLBACK);
    spin_set(rows->height, height > 0 ? height : FALLBACK);
}

static void choose_model(GtkComboBox *combo, gpointer data)
{
    SfmRows *rows = data;
    const SfmModelInfo *model = sfm_rows_model(rows);
    g_auto(SfmForm) form;
    sfm_form_init(&form);
    sfm_form_take_card(&form, model);
    show_choices(rows, &form);
    if (!rows->has_target)
        show_size(rows, model->width, model->height);
    if (rows->changed)
        rows->changed(rows->user_data);
}

static int index_of_model(const SfmRows *rows, const char *name)
{
    for (guint i = 0; i < rows->models->len; i++)
        if (strcmp(((SfmModelInfo *)rows->models->pdata[i])->name, name) == 0)
            return (int)i;
    return -1;
}

// The form's values where it is one that was filled in before, else the card's.
static void show_form(SfmRows *rows, const SfmForm *form, const SfmHostPlace *target)
{
    for (guint i = 0; i < rows->models->len; i++)
        combo_add(rows->model, ((SfmModelInfo *)rows->models->pdata[i])->title);
    g_signal_connect(rows->model, "changed", G_CALLBACK(choose_model), rows);
    const int index = index_of_model(rows, form->model);
    combo_set(rows->model, index >= 0 ? index : MAX(sfm_first_model(rows->models), 0));
    if (index >= 0 && form->steps > 0)
        show_choices(rows, form);
    spin_set(rows->seed, form->seed);
    spin_set(rows->count, MAX(form->count, 1));
    if (rows->has_target)
        show_size(rows, target->width, target->height);
    else if (index >= 0 && form->width > 0)
        show_size(rows, form->width, form->height);
}

SfmRows *sfm_rows_new(const SfmForm *form, const SfmHostPlace *target, GError **error)
{
    g_autoptr(SfmRows) rows = g_new0(SfmRows, 1);
    rows->has_target = target->image >= 0;
    sfm_translation_open();
    rows->models = sfm_list_models(NULL, error);
    if (!rows->models)
        return NULL;
    rows->library = sfm_script_library_new(NULL);
    rows->schedules = sfm_script_library_choices(rows->library, SFM_SCRIPT_SCHEDULE);
    rows->samplers = sfm_script_library_choices(rows->library, SFM_SCRIPT_SAMPLER);
    if (rows->models->len == 0) {
        g_set_error(error, SFM_ERROR, SFM_ERROR_NOT_FOUND, "there is no model");
        return NULL;
    }
    rows->labels = gtk_size_group_new(GTK_SIZE_GROUP_HORIZONTAL);
    build_box(rows);
    show_form(rows, form, target);
    return g_steal_pointer(&rows);
}

void sfm_rows_free(SfmRows *rows)
{
    if (!rows)
        return;
    g_clear_pointer(&rows->models, g_ptr_array_unref);
    g_clear_pointer(&rows->schedules, g_ptr_array_unref);
    g_clear_pointer(&rows->samplers, g_ptr_array_unref);
    sfm_script_library_unref(rows->library);
    g_clear_object(&rows->labels);
    g_free(rows);
}

GtkWidget *sfm_rows_widget(SfmRows *rows)
{
    return rows->box;
}

SfmScriptLibrary *sfm_rows_library(SfmRows *rows)
{
    return rows->library;
}

static void look_at_kind(SfmRows *rows, SfmScriptKind kind, GtkWidget *combo, GPtrArray **scripts)
{
    g_autofree char *chosen = g_strdup(script_combo_get(combo, *scripts));
    g_ptr_array_unref(*scripts);
    *scripts = sfm_script_library_choices(rows->library, kind);
    script_combo_fill(combo, *scripts);
    script_combo_set(combo, *scripts, chosen);
}

char *sfm_rows_look(SfmRows *rows)
{
    look_at_kind(rows, SFM_SCRIPT_SCHEDULE, rows->schedule, &rows->schedules);
    look_at_kind(rows, SFM_SCRIPT_SAMPLER, rows->sampler, &rows->samplers);
    g_autoptr(GPtrArray) files = sfm_script_library_files(rows->library);
    for (guint i = 0; i < files->len; i++) {
        const SfmScriptFile *file = files->pdata[i];
        if (file->error)
            return g_strconcat(file->error, file->info ? "; the version before is in use" : NULL,
                               NULL);
    }
    return NULL;
}

void sfm_rows_connect(SfmRows *rows, SfmRowsFunc changed, void *user_data)
{
    rows->changed = changed;
    rows->user_data = user_data;
}

static void read_text(SfmForm *form, const char *name, const char *text)
{
    SfmArgument argument;
    if (sfm_find_argument(form->job, name, &argument))
        sfm_form_set_text(form, &argument, text);
}

void sfm_rows_read(SfmRows *rows, SfmForm *form)
{
    const SfmModelInfo *model = sfm_rows_model(rows);
    read_text(form, "model", model->name);
    read_text(form, "class", class_combo_get(rows->class_name, model));
    read_text(form, "schedule", script_combo_get(rows->schedule, rows->schedules));
    read_text(form, "sampler", script_combo_get(rows->sampler, rows->samplers));
    form->steps = (int)spin_get(rows->steps);
    form->seed = (int)spin_get(rows->seed);
    form->count = (int)spin_get(rows->count);
    form->guidance = model->guidance ? spin_get(rows->guidance) : 0;
    form->width = (int)spin_get(rows->width);
    form->height = (int)spin_get(rows->height);
}
