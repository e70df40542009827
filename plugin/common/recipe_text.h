// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_COMMON_RECIPE_TEXT_H
#define SFM_COMMON_RECIPE_TEXT_H

#include <glib.h>

// Under what name a recipe is attached to a layer, and stands in a PNG file.
#define SFM_RECIPE_NAME "sfumato-recipe"

// The recipe in a file that a person has chosen, a PNG file or the JSON alone. The
// caller frees it. NULL with SFM_ERROR_BAD_FILE, or SFM_ERROR_NOT_FOUND where the
// file has none. What it says is for sfm_recipe_parse() to check.
char *sfm_recipe_text_read(const char *path, GError **error);

#endif
