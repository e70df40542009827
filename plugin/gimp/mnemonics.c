// SPDX-License-Identifier: GPL-3.0-or-later
//
// Translators and authors of scripts cannot know which letters are free where
// their words stand; this does.
#include "gimp/mnemonics.h"

#include <stdbool.h>
#include <string.h>

enum { NONE = -1, NUM_LETTERS = 128 };

typedef struct {
    GtkLabel *label; // borrowed
    char *text;      // without the mark; an underscore of its own is two
    gssize wanted;   // byte of the letter that its author marked; NONE
    gssize at;       // of the one that it gets; NONE
    bool is_tab;     // of a notebook
    bool fixed;      // that is the one which was marked, and stays so
} Entry;

typedef struct {
    GPtrArray *entries;
    guint num_first;            // entries that keep what they want
    Entry *owners[NUM_LETTERS]; // by small ASCII letters and digits; NULL: it is free
} Letters;

static void entry_free(Entry *entry)
{
    g_free(entry->text);
    g_free(entry);
}

// ---- what a label wants -----------------------------------------------------

// What its author wrote. A label that was written anew since is taken as it is.
static const char *written(GtkLabel *label)
{
    const char *now = gtk_label_get_label(label);
    const char *assigned = g_object_get_data(G_OBJECT(label), "sfm-assigned");
    if (g_strcmp0(now, assigned) != 0)
        g_object_set_data_full(G_OBJECT(label), "sfm-written", g_strdup(now), g_free);
    return g_object_get_data(G_OBJECT(label), "sfm-written");
}

static Entry *entry_new(GtkLabel *label)
{
    Entry *entry = g_new0(Entry, 1);
    GString *text = g_string_new(NULL);
    entry->label = label;
    entry->wanted = entry->at = NONE;
    for (const char *from = written(label); *from; from++) {
        if (from[0] == '_' && from[1] == '_')
            g_string_append_c(text, *from++);
        else if (from[0] == '_') {
            entry->wanted = (gssize)text->len;
            continue;
        }
        g_string_append_c(text, *from);
    }
    entry->text = g_string_free(text, FALSE);
    return entry;
}

static bool is_known(const Letters *letters, const GtkLabel *label)
{
    for (guint i = 0; i < letters->entries->len; i++)
        if (((Entry *)letters->entries->pdata[i])->label == label)
            return true;
    return false;
}

static void collect_label(GtkWidget *widget, bool is_tab, Letters *letters)
{
    GtkLabel *label = GTK_LABEL(widget);
    if (!gtk_label_get_use_underline(label) || is_known(letters, label))
        return;
    Entry *entry = entry_new(label);
    entry->is_tab = is_tab;
    g_ptr_array_add(letters->entries, entry);
}

// A notebook shows the labels of its tabs only when it is on the screen.
static void collect(GtkWidget *widget, gpointer data)
{
    Letters *letters = data;
    if (!gtk_widget_get_visible(widget))
        return;
    if (GTK_IS_LABEL(widget)) {
        collect_label(widget, false, letters);
    } else if (GTK_IS_NOTEBOOK(widget)) {
        GtkNotebook *book = GTK_NOTEBOOK(widget);
        for (int i = 0; i < gtk_notebook_get_n_pages(book); i++)
            collect_label(gtk_notebook_get_tab_label(book, gtk_notebook_get_nth_page(book, i)),
                          true, letters);
        collect(gtk_notebook_get_nth_page(book, gtk_notebook_get_current_page(book)), data);
    } else if (GTK_IS_EXPANDER(widget) && !gtk_expander_get_expanded(GTK_EXPANDER(widget))) {
        collect(gtk_expander_get_label_widget(GTK_EXPANDER(widget)), data);
    } else if (GTK_IS_CONTAINER(widget)) {
        gtk_container_forall(GTK_CONTAINER(widget), collect, data);
    }
}

// ---- who gets what: a matching of labels with letters, by augmenting paths ---

static int letter_at(const Entry *entry, gssize at)
{
    const char letter = g_ascii_tolower(entry->text[at]);
    return g_ascii_isalnum(letter) ? letter : NONE;
}

static void own(Letters *letters, Entry *entry, gssize at)
{
    entry->at = at;
    letters->owners[letter_at(entry, at)] = entry;
}

static bool settle(Letters *letters, Entry *entry, bool seen[NUM_LETTERS]);

static bool settle_at(Letters *letters, Entry *entry, gssize at, bool seen[NUM_LETTERS])
{
    const int letter = letter_at(entry, at);
    if (letter == NONE || seen[letter])
        return false;
    seen[letter] = true;
    Entry *owner = letters->owners[letter];
    if (owner && (owner->fixed || !settle(letters, owner, seen)))
        return false; // it keeps the letter
    own(letters, entry, at);
    return true;
}

// Finds a letter of the entry's text, the first ones of its words before others,
// for which others may move to another of theirs.
static bool settle(Letters *letters, Entry *entry, bool seen[NUM_LETTERS])
{
    const gssize length = (gssize)strlen(entry->text);
    for (gssize at = 0; at < length; at++)
        if ((at == 0 || entry->text[at - 1] == ' ') && settle_at(letters, entry, at, seen))
            return true;
    for (gssize at = 0; at < length; at++)
        if (settle_at(letters, entry, at, seen))
            return true;
    return false;
}

// False: another has the letter, or the entry wants none.
static bool take_wanted(Letters *letters, Entry *entry)
{
    const int letter = entry->wanted == NONE ? NONE : letter_at(entry, entry->wanted);
    if (entry->at != NONE || letter == NONE || letters->owners[letter])
        return false;
    own(letters, entry, entry->wanted);
    return true;
}

static void settle_anew(Letters *letters, Entry *entry)
{
    bool seen[NUM_LETTERS] = { false };
    if (entry->at == NONE)
        settle(letters, entry, seen);
}

// What is on every page comes first, then what an author wished for.
static void assign(Letters *letters)
{
    const guint num = letters->entries->len;
    for (guint i = 0; i < num; i++) {
        Entry *entry = letters->entries->pdata[i];
        entry->fixed = i < letters->num_first && take_wanted(letters, entry);
    }
    for (guint i = 0; i < num; i++) {
        Entry *entry = letters->entries->pdata[i];
        if (i < letters->num_first || entry->is_tab)
            settle_anew(letters, entry);
    }
    for (guint i = 0; i < num; i++)
        take_wanted(letters, letters->entries->pdata[i]);
    for (guint i = 0; i < num; i++)
        settle_anew(letters, letters->entries->pdata[i]);
}

static void show(Entry *entry)
{
    GString *text = g_string_new(entry->text);
    if (entry->at != NONE)
        g_string_insert_c(text, entry->at, '_');
    g_object_set_data_full(G_OBJECT(entry->label), "sfm-assigned", g_strdup(text->str), g_free);
    if (strcmp(gtk_label_get_label(entry->label), text->str) != 0)
        gtk_label_set_label(entry->label, text->str);
    g_string_free(text, TRUE);
}

void sfm_mnemonics_assign(GtkWidget *window, GtkWidget *first)
{
    Letters letters = { .entries = g_ptr_array_new_with_free_func((GDestroyNotify)entry_free) };
    g_autoptr(GPtrArray) entries = letters.entries;
    collect(first, &letters);
    letters.num_first = entries->len;
    gtk_container_forall(GTK_CONTAINER(window), collect, &letters); // it may not be up yet
    assign(&letters);
    for (guint i = 0; i < entries->len; i++)
        show(entries->pdata[i]);
}
