// SPDX-License-Identifier: GPL-3.0-or-later
//
// Only what GTK 2.24 and GTK 3 both have, and neither calls deprecated; boxes,
// where they have nothing in common, come from the host.
#include "gimp/fields.h"

#include <string.h>

enum {
    SPACING = 6,
    COLUMN_SPACING = 12,
    TEXT_WIDTH = 300, // pixels, of the model's description
    MAX_DIALOG_STEPS = 1000,
    MAX_DIALOG_SIZE = 32768,
};

struct SfmFields {
    GPtrArray *models, *schedules, *samplers; // of their infos, owned
    bool has_target;                          // the size is that of the target

    GtkWidget *rows, *model, *about, *class_name, *schedule, *sampler;
    GtkWidget *steps, *seed, *width, *height, *guidance, *count;
    GtkSizeGroup *labels;

    SfmFieldsFunc changed;
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

static GtkWidget *script_combo(GPtrArray *scripts)
{
    GtkWidget *combo = gtk_combo_box_text_new();
    for (guint i = 0; i < scripts->len; i++)
        combo_add(combo, ((SfmScriptInfo *)scripts->pdata[i])->title);
    return combo;
}

static void script_combo_set(GtkWidget *combo, GPtrArray *scripts, const char *name)
{
    int found = 0;
    for (guint i = 0; i < scripts->len; i++)
        if (strcmp(((SfmScriptInfo *)scripts->pdata[i])->name, name) == 0)
            found = (int)i;
    combo_set(combo, found);
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
        if (strcmp(model->classes[i], name) == 0)
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
static void add_row(SfmFields *fields, const char *text, GtkWidget *widget, bool wide,
                    GtkWidget *rest)
{
    GtkWidget *row = sfm_host_box_new(GTK_ORIENTATION_HORIZONTAL, COLUMN_SPACING);
    GtkWidget *label = gtk_label_new_with_mnemonic(text);
    g_object_set(label, "xalign", 0.0, NULL);
    gtk_label_set_mnemonic_widget(GTK_LABEL(label), widget);
    gtk_size_group_add_widget(fields->labels, label);
    gtk_box_pack_start(GTK_BOX(row), label, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(row), widget, wide, wide, 0);
    if (rest)
        gtk_box_pack_start(GTK_BOX(row), rest, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(fields->rows), row, FALSE, FALSE, 0);
}

static void roll_seed(GtkButton *button, gpointer data)
{
    SfmFields *fields = data;
    spin_set(fields->seed, g_random_int_range(0, SFM_MAX_SEED));
}

static GtkWidget *seed_button(SfmFields *fields)
{
    GtkWidget *button = gtk_button_new_with_mnemonic("_New Seed");
    g_signal_connect(button, "clicked", G_CALLBACK(roll_seed), fields);
    return button;
}

static GtkWidget *height_box(SfmFields *fields)
{
    GtkWidget *box = sfm_host_box_new(GTK_ORIENTATION_HORIZONTAL, COLUMN_SPACING);
    gtk_box_pack_start(GTK_BOX(box), gtk_label_new("\xc3\x97"), FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(box), fields->height, FALSE, FALSE, 0);
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

static void build_rows(SfmFields *fields)
{
    fields->rows = sfm_host_box_new(GTK_ORIENTATION_VERTICAL, SPACING);
    fields->model = gtk_combo_box_text_new();
    fields->about = about_new();
    fields->class_name = gtk_combo_box_text_new();
    fields->width = spin_new(1, MAX_DIALOG_SIZE, 8, 0);
    fields->height = spin_new(1, MAX_DIALOG_SIZE, 8, 0);
    fields->seed = spin_new(0, SFM_MAX_SEED, 1, 0);
    fields->count = spin_new(1, 100, 1, 0);
    fields->schedule = script_combo(fields->schedules);
    fields->sampler = script_combo(fields->samplers);
    fields->steps = spin_new(1, MAX_DIALOG_STEPS, 1, 0);
    fields->guidance = spin_new(1, 30, 0.1, 2);
    gtk_entry_set_width_chars(GTK_ENTRY(fields->seed), 11);

    add_row(fields, "_Model:", fields->model, true, NULL);
    add_row(fields, "", fields->about, true, NULL);
    add_row(fields, "C_lass:", fields->class_name, true, NULL);
    add_row(fields, "Si_ze:", fields->width, false, height_box(fields));
    add_row(fields, "Num_ber:", fields->count, false, NULL);
    add_row(fields, "S_eed:", fields->seed, false, seed_button(fields));
    add_row(fields, "Sam_pler:", fields->sampler, true, NULL);
    add_row(fields, "Sche_dule:", fields->schedule, true, NULL);
    add_row(fields, "S_teps:", fields->steps, false, NULL);
    add_row(fields, "G_uidance:", fields->guidance, false, NULL);
}

// ---- the form ---------------------------------------------------------------

const SfmModelInfo *sfm_fields_model(const SfmFields *fields)
{
    const int index = combo_get(fields->model);
    return index < 0 ? NULL : fields->models->pdata[index];
}

// All fields that depend on the model.
static void show_choices(SfmFields *fields, const SfmForm *form)
{
    const SfmModelInfo *model = sfm_fields_model(fields);
    g_autofree char *origin = g_strconcat(model->attribution ? model->attribution : "",
                                          model->attribution && model->license ? "\n" : "",
                                          model->license ? model->license : "", NULL);
    gtk_label_set_text(GTK_LABEL(fields->about), model->description ? model->description : "");
    gtk_widget_set_tooltip_text(fields->about, origin[0] ? origin : NULL);
    class_combo_fill(fields->class_name, model, form->class_name);
    script_combo_set(fields->schedule, fields->schedules, form->schedule);
    script_combo_set(fields->sampler, fields->samplers, form->sampler);
    spin_set(fields->steps, form->steps);
    spin_set(fields->guidance, form->guidance);
    gtk_widget_set_sensitive(fields->guidance, model->guidance);
}

static void show_size(SfmFields *fields, int width, int height)
{
    enum { FALLBACK = 64 }; // where the model takes any
    spin_set(fields->width, width > 0 ? width : FALLBACK);
    spin_set(fields->height, height > 0 ? height : FALLBACK);
}

static void choose_model(GtkComboBox *combo, gpointer data)
{
    SfmFields *fields = data;
    const SfmModelInfo *model = sfm_fields_model(fields);
    g_auto(SfmForm) form;
    sfm_form_init(&form);
    sfm_form_take_card(&form, model);
    show_choices(fields, &form);
    if (!fields->has_target)
        show_size(fields, model->width, model->height);
    if (fields->changed)
        fields->changed(fields->user_data);
}

static int index_of_model(const SfmFields *fields, const char *name)
{
    for (guint i = 0; i < fields->models->len; i++)
        if (strcmp(((SfmModelInfo *)fields->models->pdata[i])->name, name) == 0)
            return (int)i;
    return -1;
}

// The form's values where it is one that was filled in before, else the card's.
static void show_form(SfmFields *fields, const SfmForm *form, const SfmTarget *target)
{
    for (guint i = 0; i < fields->models->len; i++)
        combo_add(fields->model, ((SfmModelInfo *)fields->models->pdata[i])->title);
    g_signal_connect(fields->model, "changed", G_CALLBACK(choose_model), fields);
    const int index = index_of_model(fields, form->model);
    combo_set(fields->model, index >= 0 ? index : MAX(sfm_first_model(fields->models), 0));
    if (index >= 0 && form->steps > 0)
        show_choices(fields, form);
    spin_set(fields->seed, form->seed);
    spin_set(fields->count, MAX(form->count, 1));
    if (fields->has_target)
        show_size(fields, target->width, target->height);
    else if (index >= 0 && form->width > 0)
        show_size(fields, form->width, form->height);
}

SfmFields *sfm_fields_new(const SfmForm *form, const SfmTarget *target, GError **error)
{
    g_autoptr(SfmFields) fields = g_new0(SfmFields, 1);
    fields->has_target = target->image >= 0;
    fields->models = sfm_list_models(NULL, error);
    fields->schedules = fields->models ? sfm_list_scripts(NULL, SFM_SCRIPT_SCHEDULE, error) : NULL;
    fields->samplers = fields->schedules ? sfm_list_scripts(NULL, SFM_SCRIPT_SAMPLER, error) : NULL;
    if (!fields->samplers)
        return NULL;
    if (fields->models->len == 0) {
        g_set_error(error, SFM_ERROR, SFM_ERROR_NOT_FOUND, "there is no model");
        return NULL;
    }
    fields->labels = gtk_size_group_new(GTK_SIZE_GROUP_HORIZONTAL);
    build_rows(fields);
    show_form(fields, form, target);
    return g_steal_pointer(&fields);
}

void sfm_fields_free(SfmFields *fields)
{
    if (!fields)
        return;
    g_clear_pointer(&fields->models, g_ptr_array_unref);
    g_clear_pointer(&fields->schedules, g_ptr_array_unref);
    g_clear_pointer(&fields->samplers, g_ptr_array_unref);
    g_clear_object(&fields->labels);
    g_free(fields);
}

GtkWidget *sfm_fields_widget(SfmFields *fields)
{
    return fields->rows;
}

void sfm_fields_connect(SfmFields *fields, SfmFieldsFunc changed, void *user_data)
{
    fields->changed = changed;
    fields->user_data = user_data;
}

static void read_text(SfmForm *form, const char *name, const char *text)
{
    for (int i = 0; i < SFM_NUM_ARGUMENTS; i++)
        if (strcmp(sfm_arguments[i].name, name) == 0)
            sfm_form_set_text(form, &sfm_arguments[i], text);
}

void sfm_fields_read(SfmFields *fields, SfmForm *form)
{
    const SfmModelInfo *model = sfm_fields_model(fields);
    read_text(form, "model", model->name);
    read_text(form, "class", class_combo_get(fields->class_name, model));
    read_text(form, "schedule", script_combo_get(fields->schedule, fields->schedules));
    read_text(form, "sampler", script_combo_get(fields->sampler, fields->samplers));
    form->steps = (int)spin_get(fields->steps);
    form->seed = (int)spin_get(fields->seed);
    form->count = (int)spin_get(fields->count);
    form->guidance = model->guidance ? spin_get(fields->guidance) : 0;
    form->width = (int)spin_get(fields->width);
    form->height = (int)spin_get(fields->height);
}
