// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_GIMP_RECIPE_CHECK_H
#define SFM_GIMP_RECIPE_CHECK_H

#include <gio/gio.h>
#include <sfumato/recipe.h>

// Called in the main loop: NULL, or what sfm_recipe_check() has found.
typedef void (*SfmRecipeCheckFunc)(const GError *error, void *user_data);

// sfm_recipe_check() in a thread of its own, since it reads all of a model's weights.
// Takes the recipe, and a reference of the library. Once `cancellable`, which may be
// NULL, is cancelled, `func` is no more called; the thread ends by itself. Main thread.
void sfm_recipe_check_start(SfmRecipe *recipe, SfmScriptLibrary *library, GCancellable *cancellable,
                            SfmRecipeCheckFunc func, void *user_data);

#endif
