// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_GIMP_PREVIEW_H
#define SFM_GIMP_PREVIEW_H

#include <gtk/gtk.h>

#include "gimp/thumbnail.h"

// A frame that shows a thumbnail, in the colours of the screen as GIMP has them.
// Main thread only.
GtkWidget *sfm_preview_new(const char *label, const char *help);

// Takes the thumbnail's pixels, and leaves it empty.
void sfm_preview_show(GtkWidget *preview, SfmThumbnail *thumbnail);

#endif
