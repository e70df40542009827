// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_GIMP_THUMBNAIL_H
#define SFM_GIMP_THUMBNAIL_H

#include <stdbool.h>

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib.h>
#include <sfumato/engine.h>

enum { SFM_THUMBNAIL_SIZE = 240 }; // pixels of the longer side

// A picture as large as fits a square of that size: what is smaller is enlarged.
typedef struct {
    int width, height; // in pixels; 0: there is none
    guint8 *pixels;    // [height, width, 3], R'G'B'; owned
} SfmThumbnail;

// A zeroed one is a no-op.
void sfm_thumbnail_clear(SfmThumbnail *thumbnail);

// Any thread. Alpha is not looked at. What is not a number is black.
void sfm_thumbnail_make(const SfmImage *image, SfmThumbnail *thumbnail);

// As it is, 8 bits of R'G'B' or R'G'B'A, of which alpha is not looked at.
void sfm_thumbnail_copy(const GdkPixbuf *picture, SfmThumbnail *thumbnail);

// GIMP's pattern for what is not there.
void sfm_thumbnail_make_empty(SfmThumbnail *thumbnail);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SfmThumbnail, sfm_thumbnail_clear)

#endif
