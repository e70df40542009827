// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_GIMP_MNEMONICS_H
#define SFM_GIMP_MNEMONICS_H

#include <gtk/gtk.h>

// Gives each label of a window a letter of its own, among all that are there now:
// of a notebook the tabs and the page that is shown. Labels in `first`, a part of the
// window, get the letters that their texts mark; so do the others, unless one of them
// can only have a letter, as of knobs that a script declares, if they take another.
// Where there are more labels than letters some go without. Again whenever what is
// there has changed.
void sfm_mnemonics_assign(GtkWidget *window, GtkWidget *first);

#endif
