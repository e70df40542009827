// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_CLI_PNG_FILE_H
#define SFM_CLI_PNG_FILE_H

#include <stdbool.h>

#include <sfumato/engine.h>

// The keyword of the text chunk that holds a picture's recipe.
#define PNG_RECIPE "sfumato-recipe"

// Writes image i to paths[i], `depth` (8 or 16) bits a channel, the recipe within.
// All are written under temporary names first, so that a full disk leaves none,
// and only then get their own. False, with SFM_ERROR_NOT_WRITTEN.
bool png_files_write(const SfmImage *images, char *const *paths, int num, int depth,
                     GError **error);

// Whether a file can be made at that path, as far as can be told beforehand.
bool png_file_check(const char *path, GError **error);

#endif
