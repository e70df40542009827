// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFUMATO_RECIPE_H
#define SFUMATO_RECIPE_H

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>
#include <sfumato/engine.h>

G_BEGIN_DECLS

// How a picture was made: SfmImage.recipe, read again. The same recipe gives the
// same bytes on the same device with the same build. Threads: any, one at a time.
typedef struct SfmRecipe SfmRecipe;

// A file that a recipe names: what it is called, and the SHA-256 of what it held,
// hex.
typedef struct {
    const char *name, *hash;
} SfmRecipePart;

// What a recipe says beside what is in its request. All is the recipe's.
typedef struct {
    const char *engine; // the version of Sfumato that made the picture
    const char *device; // the name of the device that did
    const char *family; // of kernels, as in SfmMaker; NULL: it is older than recipes that say
    SfmRecipePart model, schedule, sampler;
    size_t num_inputs;
    SfmRecipePart inputs[SFM_JOB_MAX_INPUTS]; // [num_inputs], in the job's order, by its names
    int image;                                // of the job, from 0
    int frame;                                // of its frames, from 1; 0: it is of the image itself
    int picture; // which one it is of those that sfm_engine_run() stores for its request
} SfmRecipeInfo;

// Reads a recipe, which may come from anywhere: at most 1 MiB of JSON, every key
// known. NULL with SFM_ERROR_BAD_RECIPE, for one of another version too. Whether the files that it
// names are there is for sfm_recipe_check() to say.
SfmRecipe *sfm_recipe_parse(const char *json, GError **error);

// NULL is a no-op.
void sfm_recipe_free(SfmRecipe *recipe);

// The recipe's, both. The request is of its one image; it has no pictures to start
// from, and its model and scripts are the names that the recipe has.
const SfmJobParams *sfm_recipe_params(const SfmRecipe *recipe);
const SfmRecipeInfo *sfm_recipe_info(const SfmRecipe *recipe);

// Whether the pictures, info->num_inputs of them in the job's order, are to the bit
// those that the recipe was made with. False with SFM_ERROR_BAD_ARGUMENT, naming
// the one that is not.
bool sfm_recipe_check_inputs(const SfmRecipe *recipe, const SfmPicture *inputs, size_t num,
                             GError **error);

// Whether model and scripts that `params` names (NULL: the recipe's own) are there
// and are those that the recipe was made with. Reads the model's weights once.
// `data_dir` is as in sfm_list_models(), and `library` as in SfmEngineParams. False
// with SFM_ERROR_NOT_FOUND, where one has changed too, and with what is wrong with
// a file.
bool sfm_recipe_check(const SfmRecipe *recipe, const SfmJobParams *params, const char *data_dir,
                      SfmScriptLibrary *library, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SfmRecipe, sfm_recipe_free)

G_END_DECLS

#endif
