// SPDX-License-Identifier: GPL-3.0-or-later
//
// The thread knows the widget by a reference alone and hands its list over to the
// main loop. It is waited for when the dialog closes, since drivers do not expect
// a program to end while they start.
#include "gimp/devices.h"

#include <sfumato/engine.h>

#include "common/translation.h"
#include "gimp/rows.h"

typedef struct {
    GPtrArray *names; // of the entries, in their order; the first is ""
    GThread *lister;  // NULL: joined
} Choices;

static const char key[] = "sfm-devices";

static void choices_free(Choices *choices)
{
    g_ptr_array_unref(choices->names);
    g_free(choices);
}

static Choices *choices_of(GtkWidget *combo)
{
    return g_object_get_data(G_OBJECT(combo), key);
}

static void join(GtkWidget *combo, gpointer data)
{
    Choices *choices = data;
    g_clear_pointer(&choices->lister, g_thread_join);
}

static int index_of(const Choices *choices, const char *name)
{
    guint index;
    const bool found = g_ptr_array_find_with_equal_func(choices->names, name, g_str_equal, &index);
    return found ? (int)index : -1;
}

static int add(GtkWidget *combo, const char *name, const char *text)
{
    Choices *choices = choices_of(combo);
    g_ptr_array_add(choices->names, g_strdup(name));
    sfm_combo_add(combo, text);
    return (int)choices->names->len - 1;
}

// ---- the list ---------------------------------------------------------------

typedef struct {
    GtkWidget *combo;   // a reference
    GPtrArray *devices; // NULL: nothing can be said of them, which the job will
} Listing;

static gboolean take_list(gpointer data)
{
    Listing *listing = data;
    const Choices *choices = choices_of(listing->combo);
    for (guint i = 0; listing->devices && i < listing->devices->len; i++) {
        const SfmDeviceInfo *device = listing->devices->pdata[i];
        if (!device->unusable && index_of(choices, device->name) < 0)
            add(listing->combo, device->name, device->name);
    }
    g_clear_pointer(&listing->devices, g_ptr_array_unref);
    g_object_unref(listing->combo);
    g_free(listing);
    return G_SOURCE_REMOVE;
}

static void *list(void *data)
{
    Listing *listing = data;
    listing->devices = sfm_list_devices(NULL);
    g_idle_add(take_list, listing);
    return NULL;
}

GtkWidget *sfm_device_combo_new(const char *chosen)
{
    GtkWidget *combo = sfm_combo_new();
    Choices *choices = g_new0(Choices, 1);
    choices->names = g_ptr_array_new_with_free_func(g_free);
    g_object_set_data_full(G_OBJECT(combo), key, choices, (GDestroyNotify)choices_free);
    add(combo, "", _("The fastest"));
    sfm_device_combo_set(combo, chosen);
    Listing *listing = g_new0(Listing, 1);
    listing->combo = g_object_ref_sink(combo);
    choices->lister = g_thread_new("devices", list, listing);
    g_signal_connect(combo, "destroy", G_CALLBACK(join), choices);
    return combo;
}

const char *sfm_device_combo_get(GtkWidget *combo)
{
    const int index = sfm_combo_get(combo);
    return index < 0 ? "" : choices_of(combo)->names->pdata[index];
}

// A name that is in no list, or a number, is an entry of its own.
void sfm_device_combo_set(GtkWidget *combo, const char *name)
{
    const int index = index_of(choices_of(combo), name);
    sfm_combo_set(combo, index >= 0 ? index : add(combo, name, name));
}
