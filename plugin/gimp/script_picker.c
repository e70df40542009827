// SPDX-License-Identifier: GPL-3.0-or-later
#include "gimp/script_picker.h"

#include <string.h>

#include "common/translation.h"
#include "gimp/host.h"

enum {
    MAX_ROWS = 3,        // of knobs that are shown without scrolling
    FOLDED_HEIGHT = 120, // pixels, of those that scroll
    INDENT = 12,         // pixels
};

// How each kind speaks of itself.
static const struct {
    const char *owner, *label, *help, *options;
} words[] = {
    [SFM_SCRIPT_SCHEDULE] = { "schedule", N_("Sche_dule:"),
                              N_("Through which levels of noise the picture goes"),
                              N_("Schedule options") },
    [SFM_SCRIPT_SAMPLER] = { "sampler", N_("Sam_pler:"),
                             N_("How the picture gets from one level of noise to the next"),
                             N_("Sampler options") },
};

struct SfmScriptPicker {
    SfmScriptKind kind;
    SfmScriptPickerFunc relabel, changed;
    void *user_data;
    SfmScriptPicker *other; // that folds when this unfolds; borrowed; NULL: none

    GPtrArray *scripts;         // of SfmScriptInfo
    GPtrArray *shown_in;        // that the next is in, which may be an older list
    const SfmScriptInfo *shown; // whose knobs stand there; NULL: none
    GHashTable *kept;           // of names to settings, char **
    char *usual_script;         // NULL: none
    char **usual;

    GtkWidget *combo, *folder, *options; // the last holds the rows
    SfmKnobRows *knobs;                  // NULL: there are none
    bool setting;
};

static const SfmScriptInfo *info_at(const SfmScriptPicker *picker, int index)
{
    return index < 0 ? NULL : picker->scripts->pdata[index];
}

static int index_of(const SfmScriptPicker *picker, const char *name)
{
    for (guint i = 0; i < picker->scripts->len; i++)
        if (strcmp(info_at(picker, (int)i)->name, name) == 0)
            return (int)i;
    return -1;
}

// ---- the knobs of one -------------------------------------------------------

// Of a script that cannot be shown all settings are kept as they came.
static void keep(SfmScriptPicker *picker)
{
    if (!picker->knobs)
        return;
    g_autoptr(GPtrArray) settings = g_ptr_array_new();
    sfm_knob_rows_read(picker->knobs, settings);
    g_ptr_array_add(settings, NULL);
    g_hash_table_insert(picker->kept, g_strdup(picker->shown->name),
                        g_ptr_array_steal(settings, NULL));
}

static void note_change(void *data)
{
    SfmScriptPicker *picker = data;
    if (!picker->setting)
        picker->changed(picker->user_data);
}

static void destroy(GtkWidget *widget, gpointer data)
{
    gtk_widget_destroy(widget);
}

static void remove_knobs(SfmScriptPicker *picker)
{
    g_clear_pointer(&picker->knobs, sfm_knob_rows_free);
    gtk_container_foreach(GTK_CONTAINER(picker->options), destroy, NULL);
    g_clear_pointer(&picker->shown_in, g_ptr_array_unref);
    picker->shown = NULL;
}

static GtkWidget *scrolled(GtkWidget *box)
{
    GtkWidget *window = gtk_scrolled_window_new(NULL, NULL);
    GtkWidget *view = gtk_viewport_new(NULL, NULL);
    gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(window), GTK_POLICY_NEVER,
                                   GTK_POLICY_AUTOMATIC);
    gtk_viewport_set_shadow_type(GTK_VIEWPORT(view), GTK_SHADOW_NONE);
    gtk_widget_set_size_request(window, -1, FOLDED_HEIGHT);
    gtk_container_add(GTK_CONTAINER(view), box);
    gtk_container_add(GTK_CONTAINER(window), view);
    return window;
}

static void add_knobs(SfmScriptPicker *picker)
{
    const SfmScriptInfo *info = picker->shown;
    g_auto(SfmRows) rows;
    sfm_rows_init(&rows);
    picker->knobs = sfm_knob_rows_new(&rows, words[picker->kind].owner, info->params,
                                      info->num_params, note_change, picker);
    GtkWidget *box = info->num_params > MAX_ROWS ? scrolled(rows.box) : rows.box;
    gtk_box_pack_start(GTK_BOX(picker->options), box, FALSE, FALSE, 0);
    gtk_widget_show_all(picker->options);
}

static void show_values(SfmScriptPicker *picker)
{
    const bool usual = g_strcmp0(picker->usual_script, picker->shown->name) == 0;
    sfm_knob_rows_set_usual(picker->knobs, usual ? picker->usual : NULL);
    sfm_knob_rows_set(picker->knobs, g_hash_table_lookup(picker->kept, picker->shown->name));
}

static bool is_shown(const SfmScriptPicker *picker, const SfmScriptInfo *info)
{
    return picker->shown && info && strcmp(picker->shown->name, info->name) == 0 &&
           g_strcmp0(picker->shown->hash, info->hash) == 0;
}

// The rows of the script that is chosen; the same ones where they are there, since
// a person may be in the middle of them.
static void show_knobs(SfmScriptPicker *picker)
{
    const SfmScriptInfo *info = info_at(picker, sfm_combo_get(picker->combo));
    if (!is_shown(picker, info)) {
        keep(picker);
        remove_knobs(picker);
        picker->shown = info;
        picker->shown_in = g_ptr_array_ref(picker->scripts);
        if (info && info->num_params > 0)
            add_knobs(picker);
        gtk_widget_set_visible(picker->folder, picker->knobs != NULL);
        picker->relabel(picker->user_data);
    }
    if (picker->knobs)
        show_values(picker);
}

static void choose(GtkComboBox *combo, gpointer data)
{
    SfmScriptPicker *picker = data;
    if (picker->setting)
        return;
    show_knobs(picker);
    picker->changed(picker->user_data);
}

// ---- the picker -------------------------------------------------------------

static void fold(GObject *folder, GParamSpec *property, gpointer data)
{
    SfmScriptPicker *picker = data;
    if (gtk_expander_get_expanded(GTK_EXPANDER(folder)) && picker->other)
        gtk_expander_set_expanded(GTK_EXPANDER(picker->other->folder), FALSE);
    picker->relabel(picker->user_data);
}

void sfm_script_picker_fold_with(SfmScriptPicker *picker, SfmScriptPicker *other)
{
    picker->other = other;
    other->other = picker;
}

static void add_folder(SfmScriptPicker *picker, SfmRows *rows)
{
    GtkWidget *indented = sfm_host_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    picker->options = sfm_host_box_new(GTK_ORIENTATION_VERTICAL, 0);
    picker->folder = gtk_expander_new_with_mnemonic(_(words[picker->kind].options));
    sfm_describe(picker->folder, _(words[picker->kind].options),
                 _("What the script lets one set; at first as the model's card has it"));
    gtk_box_pack_start(GTK_BOX(indented), picker->options, TRUE, TRUE, INDENT);
    gtk_container_add(GTK_CONTAINER(picker->folder), indented);
    gtk_widget_show_all(picker->folder);
    gtk_widget_set_no_show_all(picker->folder, TRUE);
    sfm_rows_add_whole(rows, picker->folder);
    g_signal_connect(picker->folder, "notify::expanded", G_CALLBACK(fold), picker);
}

SfmScriptPicker *sfm_script_picker_new(SfmRows *rows, SfmScriptKind kind,
                                       SfmScriptPickerFunc relabel, SfmScriptPickerFunc changed,
                                       void *user_data)
{
    SfmScriptPicker *picker = g_new0(SfmScriptPicker, 1);
    picker->kind = kind;
    picker->relabel = relabel;
    picker->changed = changed;
    picker->user_data = user_data;
    picker->scripts = g_ptr_array_new_with_free_func((GDestroyNotify)sfm_script_info_free);
    picker->kept =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_strfreev);
    picker->combo = sfm_combo_new();
    sfm_rows_add_wide(rows, _(words[kind].label), _(words[kind].help), picker->combo, NULL);
    add_folder(picker, rows);
    g_signal_connect(picker->combo, "changed", G_CALLBACK(choose), picker);
    return picker;
}

void sfm_script_picker_free(SfmScriptPicker *picker)
{
    if (!picker)
        return;
    sfm_knob_rows_free(picker->knobs);
    g_clear_pointer(&picker->shown_in, g_ptr_array_unref);
    g_ptr_array_unref(picker->scripts);
    g_hash_table_unref(picker->kept);
    g_free(picker->usual_script);
    g_strfreev(picker->usual);
    g_free(picker);
}

static void add_unlisted(SfmScriptPicker *picker, const char *name)
{
    SfmScriptInfo *info = g_new0(SfmScriptInfo, 1);
    info->name = g_strdup(name);
    info->title = g_strdup(name);
    g_ptr_array_add(picker->scripts, info);
    sfm_combo_add(picker->combo, name);
}

static void choose_by_name(SfmScriptPicker *picker, const char *name)
{
    picker->setting = true;
    if (*name && index_of(picker, name) < 0)
        add_unlisted(picker, name);
    sfm_combo_set(picker->combo, MAX(index_of(picker, name), 0));
    show_knobs(picker);
    picker->setting = false;
}

void sfm_script_picker_list(SfmScriptPicker *picker, SfmScriptLibrary *library)
{
    g_autofree char *chosen = g_strdup(sfm_script_picker_get(picker));
    keep(picker);
    picker->setting = true;
    g_ptr_array_unref(picker->scripts);
    picker->scripts = sfm_script_library_choices(library, picker->kind);
    sfm_combo_clear(picker->combo);
    for (guint i = 0; i < picker->scripts->len; i++)
        sfm_combo_add(picker->combo, _(info_at(picker, (int)i)->title));
    choose_by_name(picker, chosen);
}

void sfm_script_picker_set_usual(SfmScriptPicker *picker, const char *script, char **settings)
{
    g_free(picker->usual_script);
    g_strfreev(picker->usual);
    picker->usual_script = g_strdup(script);
    picker->usual = g_strdupv(settings);
    g_hash_table_remove_all(picker->kept);
    if (picker->knobs)
        show_values(picker);
}

// Whether it names this picker's kind of script, or no owner at all.
static bool is_own(const SfmScriptPicker *picker, const char *setting)
{
    g_autofree char *name = g_strndup(setting, strcspn(setting, "="));
    const char *owner = words[picker->kind].owner;
    return !strchr(name, '.') || (g_str_has_prefix(name, owner) && name[strlen(owner)] == '.');
}

void sfm_script_picker_set(SfmScriptPicker *picker, const char *name, char **settings)
{
    g_autoptr(GPtrArray) own = g_ptr_array_new();
    for (char **setting = settings; setting && *setting; setting++)
        if (is_own(picker, *setting))
            g_ptr_array_add(own, g_strdup(*setting));
    g_ptr_array_add(own, NULL);
    keep(picker);
    g_hash_table_insert(picker->kept, g_strdup(name), g_ptr_array_steal(own, NULL));
    choose_by_name(picker, name);
}

const char *sfm_script_picker_get(const SfmScriptPicker *picker)
{
    const SfmScriptInfo *info = info_at(picker, sfm_combo_get(picker->combo));
    return info ? info->name : "";
}

void sfm_script_picker_read(SfmScriptPicker *picker, GPtrArray *settings)
{
    if (picker->knobs) {
        sfm_knob_rows_read(picker->knobs, settings);
        return;
    }
    char **kept = g_hash_table_lookup(picker->kept, sfm_script_picker_get(picker));
    for (; kept && *kept; kept++)
        g_ptr_array_add(settings, g_strdup(*kept));
}
