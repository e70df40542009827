// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_COMMON_RECIPE_H
#define SFM_COMMON_RECIPE_H

#include <sfumato/recipe.h>

#include "common/form.h"

// Sets the form to what the recipe asks for: its job, all fields and knobs of that
// but the device, and the kernels that ran, with their family. Whether model and
// scripts are there, and are those of the recipe, is for sfm_recipe_check() to say.
// Where the recipe is of one of several pictures, count becomes as many as lead up to
// it. False, with SFM_ERROR_UNSUPPORTED or SFM_ERROR_BAD_ARGUMENT, for what a form
// cannot ask for; it is then as it was.
bool sfm_form_take_recipe(SfmForm *form, const SfmRecipe *recipe, GError **error);

#endif
