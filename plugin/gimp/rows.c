// SPDX-License-Identifier: GPL-3.0-or-later
#include "gimp/rows.h"

#include <math.h>
#include <string.h>

#include "gimp/host.h"

enum { MAX_DIGITS = 9, MIN_LETTERS = 5, MAX_LETTERS = 12 };

void sfm_rows_init(SfmRows *rows)
{
    rows->box = sfm_host_box_new(GTK_ORIENTATION_VERTICAL, SFM_ROW_SPACING);
    rows->labels = gtk_size_group_new(GTK_SIZE_GROUP_HORIZONTAL);
}

void sfm_rows_clear(SfmRows *rows)
{
    g_clear_object(&rows->labels);
}

// "_Model:" and "Model (_M):" -> "Model"
static char *plain(const char *label)
{
    GString *text = g_string_new(NULL);
    for (const char *at = label; *at; at++) {
        if (at[0] == '(' && at[1] == '_' && at[2] && at[3] == ')')
            at += 3;
        else if (at[0] != '_')
            g_string_append_c(text, *at);
        else if (at[1] == '_') // of two, one stays
            g_string_append_c(text, *at++);
    }
    while (text->len > 0 && strchr(": ", text->str[text->len - 1]))
        g_string_truncate(text, text->len - 1);
    return g_string_free(text, FALSE);
}

void sfm_describe(GtkWidget *widget, const char *label, const char *help)
{
    g_autofree char *name = plain(label);
    atk_object_set_name(gtk_widget_get_accessible(widget), name);
    gtk_widget_set_tooltip_text(widget, help);
}

static GtkWidget *label_new(const char *text, GtkWidget *widget)
{
    GtkWidget *label = gtk_label_new_with_mnemonic(text);
    g_object_set(label, "xalign", 0.0, NULL);
    gtk_label_set_mnemonic_widget(GTK_LABEL(label), widget);
    return label;
}

static GtkWidget *add_row(SfmRows *rows, const char *text, const char *help, GtkWidget *widget,
                          bool wide, GtkWidget *rest)
{
    GtkWidget *row = sfm_host_box_new(GTK_ORIENTATION_HORIZONTAL, SFM_COLUMN_SPACING);
    GtkWidget *label = label_new(text, widget);
    sfm_describe(widget, text, help);
    gtk_size_group_add_widget(rows->labels, label);
    gtk_box_pack_start(GTK_BOX(row), label, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(row), widget, wide, wide, 0);
    if (rest)
        gtk_box_pack_start(GTK_BOX(row), rest, GTK_IS_SCALE(rest), GTK_IS_SCALE(rest), 0);
    gtk_box_pack_start(GTK_BOX(rows->box), row, FALSE, FALSE, 0);
    return row;
}

GtkWidget *sfm_rows_add(SfmRows *rows, const char *label, const char *help, GtkWidget *widget,
                        GtkWidget *rest)
{
    return add_row(rows, label, help, widget, false, rest);
}

GtkWidget *sfm_rows_add_wide(SfmRows *rows, const char *label, const char *help, GtkWidget *widget,
                             GtkWidget *rest)
{
    return add_row(rows, label, help, widget, true, rest);
}

void sfm_rows_add_whole(SfmRows *rows, GtkWidget *widget)
{
    gtk_box_pack_start(GTK_BOX(rows->box), widget, FALSE, FALSE, 0);
}

GtkWidget *sfm_line_new(GtkWidget *first, ...)
{
    GtkWidget *line = sfm_host_box_new(GTK_ORIENTATION_HORIZONTAL, SFM_ROW_SPACING);
    va_list more;
    va_start(more, first);
    for (GtkWidget *widget = first; widget; widget = va_arg(more, GtkWidget *))
        gtk_box_pack_start(GTK_BOX(line), widget, FALSE, FALSE, 0);
    va_end(more);
    return line;
}

GtkWidget *sfm_text_new(int width)
{
    GtkWidget *text = gtk_label_new(NULL);
    gtk_label_set_line_wrap(GTK_LABEL(text), TRUE);
    gtk_label_set_selectable(GTK_LABEL(text), TRUE);
    gtk_widget_set_can_focus(text, FALSE);
    gtk_widget_set_size_request(text, width, -1);
    // GTK 3 would have it as wide as the text is long; it then fills what it is given.
    gtk_label_set_max_width_chars(GTK_LABEL(text), MIN_LETTERS);
    g_object_set(text, "xalign", 0.0, "yalign", 0.0, NULL);
    return text;
}

GtkWidget *sfm_button_new(const char *label, const char *help, GCallback clicked, void *data)
{
    GtkWidget *button = gtk_button_new_with_mnemonic(label);
    sfm_describe(button, label, help);
    g_signal_connect(button, "clicked", clicked, data);
    return button;
}

// ---- numbers ----------------------------------------------------------------

guint sfm_digits_of(double number)
{
    guint digits = 0;
    for (double scaled = fabs(number); digits < MAX_DIGITS; digits++, scaled *= 10.0)
        if (fabs(scaled - round(scaled)) <= 1e-9 * fmax(scaled, 1.0))
            break;
    return digits;
}

// A hundredth of the range, as a power of ten.
static double suitable_step(double min, double max)
{
    const double range = max - min;
    return range > 0.0 && range < G_MAXINT ? pow(10.0, floor(log10(range / 100.0) + 0.5)) : 1.0;
}

static int letters(double min, double max, guint digits)
{
    const double largest = fmax(fabs(min), fabs(max));
    const int whole = largest >= 1.0 ? (int)fmin(log10(largest), MAX_LETTERS) + 1 : 1;
    return CLAMP(whole + (int)digits + 1, MIN_LETTERS, MAX_LETTERS);
}

GtkWidget *sfm_spin_new(double min, double max, double step)
{
    const double by = step > 0.0 ? step : suitable_step(min, max);
    const guint digits = MAX(sfm_digits_of(by), MAX(sfm_digits_of(min), sfm_digits_of(max)));
    GtkWidget *spin = gtk_spin_button_new_with_range(min, max, by);
    gtk_spin_button_set_digits(GTK_SPIN_BUTTON(spin), digits);
    gtk_spin_button_set_numeric(GTK_SPIN_BUTTON(spin), TRUE);
    gtk_entry_set_width_chars(GTK_ENTRY(spin), letters(min, max, digits));
    gtk_entry_set_activates_default(GTK_ENTRY(spin), TRUE);
    return spin;
}

void sfm_spin_set(GtkWidget *spin, double value)
{
    const guint shown = gtk_spin_button_get_digits(GTK_SPIN_BUTTON(spin));
    gtk_spin_button_set_digits(GTK_SPIN_BUTTON(spin), MAX(shown, sfm_digits_of(value)));
    gtk_spin_button_set_value(GTK_SPIN_BUTTON(spin), value);
}

double sfm_spin_get(GtkWidget *spin)
{
    gtk_spin_button_update(GTK_SPIN_BUTTON(spin));
    return gtk_spin_button_get_value(GTK_SPIN_BUTTON(spin));
}

// ---- choices ----------------------------------------------------------------

GtkWidget *sfm_combo_new(void)
{
    return gtk_combo_box_text_new();
}

void sfm_combo_clear(GtkWidget *combo)
{
    gtk_list_store_clear(GTK_LIST_STORE(gtk_combo_box_get_model(GTK_COMBO_BOX(combo))));
}

void sfm_combo_add(GtkWidget *combo, const char *text)
{
    gtk_combo_box_text_append_text(GTK_COMBO_BOX_TEXT(combo), text);
}

void sfm_combo_set(GtkWidget *combo, int index)
{
    gtk_combo_box_set_active(GTK_COMBO_BOX(combo), index);
}

int sfm_combo_get(GtkWidget *combo)
{
    return gtk_combo_box_get_active(GTK_COMBO_BOX(combo));
}
