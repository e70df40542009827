// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_GIMP_RECIPE_CHOOSER_H
#define SFM_GIMP_RECIPE_CHOOSER_H

#include <gtk/gtk.h>

// Asks for a recipe: that of a layer (-1: there is none), or a file. The caller
// frees it. NULL without an error: the person has thought better of it.
char *sfm_recipe_choose(GtkWindow *parent, int layer, GError **error);

#endif
