// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_CLI_PNG_FILE_H
#define SFM_CLI_PNG_FILE_H

#include <stdbool.h>

#include <sfumato/engine.h>

#include "png_read.h"

// How the numbers of a file are.
typedef struct {
    int depth;              // bits a channel: 8 or 16
    const PngPicture *like; // that the images come from; borrowed. NULL: they are sRGB
} PngStyle;

// Writes image i to paths[i], the recipe within. With `like` its colours are as that
// file's, and so are the chunks that say so; where a pixel's colour is still that of
// `like`, and size, channels and depth are the same, it is the file's to the bit.
//
// All are written under temporary names first, so that a full disk leaves none,
// and only then get their own. False, with SFM_ERROR_NOT_WRITTEN, SFM_ERROR_CANCELLED
// where a signal came meanwhile (interrupt.h), or SFM_ERROR_BAD_FILE where the profile of `like`
// is for reading alone.
bool png_files_write(const SfmImage *images, char *const *paths, int num, PngStyle style,
                     GError **error);

// Whether a file can be made at that path, as far as can be told beforehand.
bool png_file_check(const char *path, GError **error);

#endif
