// SPDX-License-Identifier: GPL-3.0-or-later
#include "gimp/knobs.h"

#include <math.h>
#include <string.h>

#include "common/translation.h"
#include "gimp/host.h"

enum {
    OPEN_END = 1000000000, // of ranges that are infinite
    SLIDER_WIDTH = 120,    // pixels, at least
};

typedef struct {
    const SfmParam *param; // borrowed
    GtkWidget *widget;     // a spin button, check button, combo box or entry
    char *usual;           // its value where nothing is said
} Knob;

struct SfmKnobRows {
    char *owner;
    Knob *knobs; // [num]
    size_t num;
    SfmKnobFunc changed;
    void *user_data;
    bool setting; // values change by a call and not by a person
};

// ---- values as texts --------------------------------------------------------

char *sfm_number_text(double number)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    for (int precision = 6; precision <= 17; precision++) {
        g_autofree char *format = g_strdup_printf("%%.%dg", precision);
        g_ascii_formatd(text, sizeof(text), format, number);
        if (g_ascii_strtod(text, NULL) == number)
            break;
    }
    return g_strdup(text);
}

static char *declared(const SfmParam *param)
{
    switch (param->type) {
    case SFM_PARAM_NUMBER:
    case SFM_PARAM_INTEGER:
        return sfm_number_text(param->default_number);
    case SFM_PARAM_BOOLEAN:
        return g_strdup(param->default_number != 0.0 ? "true" : "false");
    default:
        return g_strdup(param->default_text ? param->default_text : "");
    }
}

static bool is_number(const SfmParam *param)
{
    return param->type == SFM_PARAM_NUMBER || param->type == SFM_PARAM_INTEGER;
}

static bool same(const SfmParam *param, const char *a, const char *b)
{
    return is_number(param) ? g_ascii_strtod(a, NULL) == g_ascii_strtod(b, NULL)
                            : strcmp(a, b) == 0;
}

static int choice_index(const SfmParam *param, const char *text)
{
    for (int i = 0; param->choices[i]; i++)
        if (strcmp(param->choices[i], text) == 0)
            return i;
    return 0;
}

static void show(const Knob *knob, const char *text)
{
    switch (knob->param->type) {
    case SFM_PARAM_BOOLEAN:
        gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(knob->widget),
                                     strcmp(text, "true") == 0 || strcmp(text, "1") == 0);
        break;
    case SFM_PARAM_CHOICE:
        sfm_combo_set(knob->widget, choice_index(knob->param, text));
        break;
    case SFM_PARAM_TEXT:
        gtk_entry_set_text(GTK_ENTRY(knob->widget), text);
        break;
    default:
        sfm_spin_set(knob->widget, g_ascii_strtod(text, NULL));
    }
}

static char *shown(const Knob *knob)
{
    switch (knob->param->type) {
    case SFM_PARAM_BOOLEAN:
        return g_strdup(gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(knob->widget)) ? "true"
                                                                                      : "false");
    case SFM_PARAM_CHOICE:
        return g_strdup(knob->param->choices[MAX(sfm_combo_get(knob->widget), 0)]);
    case SFM_PARAM_TEXT:
        return g_strdup(gtk_entry_get_text(GTK_ENTRY(knob->widget)));
    default:
        return sfm_number_text(sfm_spin_get(knob->widget));
    }
}

// ---- widgets ----------------------------------------------------------------

static void note_change(GtkWidget *widget, gpointer data)
{
    SfmKnobRows *knobs = data;
    if (!knobs->setting && knobs->changed)
        knobs->changed(knobs->user_data);
}

// A declared text may have an underscore of its own.
static char *escaped(const char *text)
{
    g_auto(GStrv) pieces = g_strsplit(text, "_", -1);
    return g_strjoinv("__", pieces);
}

static GtkWidget *slider_new(GtkWidget *spin, const char *label, const char *help)
{
    GtkSpinButton *button = GTK_SPIN_BUTTON(spin);
    GtkWidget *slider = sfm_host_scale_new(gtk_spin_button_get_adjustment(button));
    gtk_scale_set_draw_value(GTK_SCALE(slider), FALSE);
    gtk_scale_set_digits(GTK_SCALE(slider), (gint)gtk_spin_button_get_digits(button));
    gtk_widget_set_size_request(slider, SLIDER_WIDTH, -1);
    sfm_describe(slider, label, help);
    return slider;
}

static void add_number(Knob *knob, SfmRows *rows, const char *label, const char *help)
{
    const SfmParam *param = knob->param;
    const double whole = param->type == SFM_PARAM_INTEGER ? 1.0 : 0.0;
    const bool finite = isfinite(param->min) && isfinite(param->max);
    knob->widget = sfm_spin_new(fmax(param->min, -OPEN_END), fmin(param->max, OPEN_END),
                                fmax(param->step, whole));
    sfm_spin_set(knob->widget, param->default_number); // the decimals of which are needed too
    GtkWidget *slider = finite ? slider_new(knob->widget, label, help) : NULL;
    sfm_rows_add(rows, label, help, knob->widget, slider);
}

static void add_check(Knob *knob, SfmRows *rows, const char *label, const char *help)
{
    knob->widget = gtk_check_button_new_with_mnemonic(label);
    sfm_describe(knob->widget, label, help);
    sfm_rows_add_whole(rows, knob->widget);
}

static void add_choice(Knob *knob, SfmRows *rows, const char *label, const char *help)
{
    knob->widget = sfm_combo_new();
    for (char **choice = knob->param->choices; *choice; choice++)
        sfm_combo_add(knob->widget, _(*choice));
    sfm_rows_add(rows, label, help, knob->widget, NULL);
}

static void add_text(Knob *knob, SfmRows *rows, const char *label, const char *help)
{
    knob->widget = gtk_entry_new();
    gtk_entry_set_activates_default(GTK_ENTRY(knob->widget), TRUE);
    sfm_rows_add_wide(rows, label, help, knob->widget, NULL);
}

static const struct {
    void (*add)(Knob *, SfmRows *, const char *, const char *);
    const char *signal; // of a change
} kinds[] = {
    [SFM_PARAM_NUMBER] = { add_number, "value-changed" },
    [SFM_PARAM_INTEGER] = { add_number, "value-changed" },
    [SFM_PARAM_BOOLEAN] = { add_check, "toggled" },
    [SFM_PARAM_CHOICE] = { add_choice, "changed" },
    [SFM_PARAM_TEXT] = { add_text, "changed" },
};

static void add_knob(SfmKnobRows *knobs, Knob *knob, SfmRows *rows)
{
    const SfmParam *param = knob->param;
    g_autofree char *name = escaped(_(param->label ? param->label : param->name));
    // The label of a row, before what it names.
    g_autofree char *label =
        param->type == SFM_PARAM_BOOLEAN ? g_strdup(name) : g_strdup_printf(_("%s:"), name);
    kinds[param->type].add(knob, rows, label, _(param->help ? param->help : param->name));
    g_object_ref(knob->widget); // whichever goes first, the rows or their window
    g_signal_connect(knob->widget, kinds[param->type].signal, G_CALLBACK(note_change), knobs);
}

SfmKnobRows *sfm_knob_rows_new(SfmRows *rows, const char *owner, const SfmParam *params, size_t num,
                               SfmKnobFunc changed, void *user_data)
{
    SfmKnobRows *knobs = g_new0(SfmKnobRows, 1);
    knobs->owner = g_strdup(owner);
    knobs->knobs = g_new0(Knob, num);
    knobs->num = num;
    knobs->changed = changed;
    knobs->user_data = user_data;
    for (size_t i = 0; i < num; i++) {
        knobs->knobs[i].param = &params[i];
        add_knob(knobs, &knobs->knobs[i], rows);
    }
    sfm_knob_rows_set_usual(knobs, NULL);
    return knobs;
}

void sfm_knob_rows_free(SfmKnobRows *knobs)
{
    if (!knobs)
        return;
    for (size_t i = 0; i < knobs->num; i++) {
        g_signal_handlers_disconnect_by_data(knobs->knobs[i].widget, knobs);
        g_object_unref(knobs->knobs[i].widget);
        g_free(knobs->knobs[i].usual);
    }
    g_free(knobs->knobs);
    g_free(knobs->owner);
    g_free(knobs);
}

// ---- settings ---------------------------------------------------------------

// The value that a setting has for the knob; NULL: it is of another.
static const char *value_for(const SfmKnobRows *knobs, const Knob *knob, const char *setting)
{
    const char *equals = strchr(setting, '=');
    const char *dot = equals ? memchr(setting, '.', (size_t)(equals - setting)) : NULL;
    const char *name = dot ? dot + 1 : setting;
    if (!equals || (dot && (strlen(knobs->owner) != (size_t)(dot - setting) ||
                            strncmp(knobs->owner, setting, (size_t)(dot - setting)) != 0)))
        return NULL;
    const size_t length = (size_t)(equals - name);
    return strlen(knob->param->name) == length && strncmp(knob->param->name, name, length) == 0
               ? equals + 1
               : NULL;
}

static const char *find(const SfmKnobRows *knobs, const Knob *knob, char **settings)
{
    const char *found = NULL;
    for (char **setting = settings; setting && *setting; setting++) {
        const char *value = value_for(knobs, knob, *setting);
        if (value)
            found = value;
    }
    return found;
}

void sfm_knob_rows_set_usual(SfmKnobRows *knobs, char **settings)
{
    for (size_t i = 0; i < knobs->num; i++) {
        Knob *knob = &knobs->knobs[i];
        const char *value = find(knobs, knob, settings);
        g_free(knob->usual);
        knob->usual = value ? g_strdup(value) : declared(knob->param);
    }
    sfm_knob_rows_set(knobs, NULL);
}

void sfm_knob_rows_set(SfmKnobRows *knobs, char **settings)
{
    knobs->setting = true;
    for (size_t i = 0; i < knobs->num; i++) {
        const char *value = find(knobs, &knobs->knobs[i], settings);
        show(&knobs->knobs[i], value ? value : knobs->knobs[i].usual);
    }
    knobs->setting = false;
}

void sfm_knob_rows_read(SfmKnobRows *knobs, GPtrArray *settings)
{
    for (size_t i = 0; i < knobs->num; i++) {
        const Knob *knob = &knobs->knobs[i];
        g_autofree char *value = shown(knob);
        if (!same(knob->param, value, knob->usual))
            g_ptr_array_add(settings,
                            g_strdup_printf("%s.%s=%s", knobs->owner, knob->param->name, value));
    }
}

char *sfm_knob_rows_value(const SfmKnobRows *knobs, size_t index)
{
    return shown(&knobs->knobs[index]);
}
