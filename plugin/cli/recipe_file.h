// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_CLI_RECIPE_FILE_H
#define SFM_CLI_RECIPE_FILE_H

#include <glib.h>

// The recipe that a PNG file holds in its text chunk, or that a JSON file is; "-"
// is standard input, which may be either. The caller frees it. `depth`: bits a channel of the PNG
// file; of JSON left as it is. NULL, with
// SFM_ERROR_NOT_FOUND or SFM_ERROR_BAD_FILE.
char *recipe_file_read(const char *path, int *depth, GError **error);

#endif
