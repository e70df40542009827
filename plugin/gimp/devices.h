// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_GIMP_DEVICES_H
#define SFM_GIMP_DEVICES_H

#include <gtk/gtk.h>

// A choice of devices: the fastest, or one by its name. Drivers take a quarter of a
// second to start, so the list comes a moment after the widget, from a thread.
GtkWidget *sfm_device_combo_new(const char *chosen);

// The name that is chosen, "" for the fastest; borrowed until the next call.
const char *sfm_device_combo_get(GtkWidget *combo);
void sfm_device_combo_set(GtkWidget *combo, const char *name);

#endif
