// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_GIMP_MNEMONICS_H
#define SFM_GIMP_MNEMONICS_H

#include <gtk/gtk.h>

// Gives each label of a window a letter of its own, among all that are there now:
// of a notebook the tabs and the page that is shown. A label keeps the letter that
// its text marks where nothing before it has that; labels in `first`, a part of the
// window, come before. Others, as of knobs that a script declares, get one that is
// free. Again whenever what is there has changed.
void sfm_mnemonics_assign(GtkWidget *window, GtkWidget *first);

#endif
