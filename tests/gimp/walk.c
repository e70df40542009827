// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is to be seen in the plug-in's windows, written to the file $SFUMATO_WALK
// whenever that has changed, a line each:
//
//     page 2                          the tab that is shown, from 0
//     control GtkSpinButton | name | tooltip | on
//     mnemonic s | S_teps:
//     text ...                        a label without a mnemonic
//     value name | ...                of a number, a choice, a text or a check button
//     clipboard ...
//
// Linked into the plug-ins that are around the fake engine.
#include <string.h>

#include <gtk/gtk.h>

enum { NO_KEY = 0xffffff }; // as GDK has it, under a name that its versions do not share

static void collect(GtkWidget *widget, gpointer data);

static char *line_of(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text ? text : "", "\n", -1);
    return g_strjoinv(" / ", lines);
}

static const char *name_of(GtkWidget *widget)
{
    const char *name = atk_object_get_name(gtk_widget_get_accessible(widget));
    return name ? name : "";
}

static void tell_control(GtkWidget *widget, GString *out)
{
    g_autofree char *tip = gtk_widget_get_tooltip_text(widget);
    g_autofree char *line = line_of(tip);
    g_string_append_printf(out, "control %s | %s | %s | %s\n", G_OBJECT_TYPE_NAME(widget),
                           name_of(widget), line, gtk_widget_is_sensitive(widget) ? "on" : "off");
}

static void tell_value(GtkWidget *widget, GString *out)
{
    g_autofree char *value = NULL;
    if (GTK_IS_ENTRY(widget)) // a spin button is one
        value = g_strdup(gtk_entry_get_text(GTK_ENTRY(widget)));
    else if (GTK_IS_COMBO_BOX_TEXT(widget))
        value = gtk_combo_box_text_get_active_text(GTK_COMBO_BOX_TEXT(widget));
    else if (GTK_IS_TOGGLE_BUTTON(widget))
        value =
            g_strdup(gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(widget)) ? "true" : "false");
    if (value)
        g_string_append_printf(out, "value %s | %s\n", name_of(widget), value);
}

static void tell_label(GtkLabel *label, GString *out)
{
    const guint key = gtk_label_get_mnemonic_keyval(label);
    g_autofree char *text = line_of(gtk_label_get_label(label));
    if (!gtk_label_get_use_underline(label))
        g_string_append_printf(out, "text %s\n", text);
    else if (key == NO_KEY)
        g_string_append_printf(out, "mnemonic - | %s\n", text);
    else
        g_string_append_printf(out, "mnemonic %s | %s\n", gdk_keyval_name(key), text);
}

static void collect_notebook(GtkNotebook *book, GString *out)
{
    const int current = gtk_notebook_get_current_page(book);
    g_string_append_printf(out, "page %d\n", current);
    for (int i = 0; i < gtk_notebook_get_n_pages(book); i++)
        collect(gtk_notebook_get_tab_label(book, gtk_notebook_get_nth_page(book, i)), out);
    collect(gtk_notebook_get_nth_page(book, current), out);
}

static gboolean is_control(GtkWidget *widget)
{
    return GTK_IS_SPIN_BUTTON(widget) || GTK_IS_ENTRY(widget) || GTK_IS_COMBO_BOX(widget) ||
           GTK_IS_BUTTON(widget) || (GTK_IS_SCALE(widget)) || GTK_IS_NOTEBOOK(widget) ||
           GTK_IS_EXPANDER(widget);
}

static void collect(GtkWidget *widget, gpointer data)
{
    GString *out = data;
    if (!gtk_widget_get_visible(widget))
        return;
    if (is_control(widget)) {
        tell_control(widget, out);
        tell_value(widget, out);
    }
    if (GTK_IS_LABEL(widget))
        tell_label(GTK_LABEL(widget), out);
    else if (GTK_IS_NOTEBOOK(widget))
        collect_notebook(GTK_NOTEBOOK(widget), out);
    else if (GTK_IS_EXPANDER(widget) && !gtk_expander_get_expanded(GTK_EXPANDER(widget)))
        collect(gtk_expander_get_label_widget(GTK_EXPANDER(widget)), out);
    else if (GTK_IS_CONTAINER(widget) && !GTK_IS_COMBO_BOX(widget))
        gtk_container_forall(GTK_CONTAINER(widget), collect, out);
}

static void tell_clipboard(GString *out)
{
    g_autofree char *text =
        gtk_clipboard_wait_for_text(gtk_clipboard_get(gdk_atom_intern_static_string("CLIPBOARD")));
    g_autofree char *line = line_of(text);
    g_string_append_printf(out, "clipboard %s\n", line);
}

static gboolean tell(gpointer data)
{
    static char *told;
    GString *out = g_string_new(NULL);
    g_autoptr(GList) windows = gtk_window_list_toplevels();
    for (GList *at = windows; at; at = at->next)
        if (GTK_IS_DIALOG(at->data))
            collect(at->data, out);
    if (windows)
        tell_clipboard(out);
    if (g_strcmp0(told, out->str) != 0) {
        g_file_set_contents(g_getenv("SFUMATO_WALK"), out->str, -1, NULL);
        g_free(told);
        told = g_strdup(out->str);
    }
    g_string_free(out, TRUE);
    return G_SOURCE_CONTINUE;
}

// GTK is not up yet, and in a run without a dialog never will be.
__attribute__((constructor)) static void start(void)
{
    if (g_getenv("SFUMATO_WALK"))
        g_timeout_add(100, tell, NULL);
}
