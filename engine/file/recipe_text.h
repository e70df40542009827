// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_FILE_RECIPE_TEXT_H
#define SFM_FILE_RECIPE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

// 2: a model's hash covers its scheduler and what its card says of the network.
#define SFM_RECIPE_VERSION 2

enum { SFM_RECIPE_MAX_INPUTS = 2 };

// A thing by its name and the SHA-256 of what it holds, hex.
typedef struct {
    char *name, *hash;
} SfmNamedHash;

// A recipe as it is written: its keys are there, of the right types and within
// bounds that hold whatever it is for. Whether there is such a job, model or
// script is for others to say. Texts are owned.
typedef struct {
    char *engine, *job, *device;
    char **job_settings;                        // NULL-terminated, as all settings
    SfmNamedHash inputs[SFM_RECIPE_MAX_INPUTS]; // names NULL from the first that there is not
    SfmNamedHash model, schedule, sampler;
    char **schedule_settings, **sampler_settings;
    int steps, seed;
    int torch_noise;   // or Philox
    int image, count;  // from 0; count 0: not said
    int frame;         // from 1; 0: the image itself
    int width, height; // in pixels
    char *class_name;  // NULL: none
    double guidance;
    int halves;     // activations and weights were stored as fp16, or as fp32
    char *family;   // of kernels; NULL: not said
    char **kernels; // lines "CALL = KERNEL", which plan/choices.h reads; may be empty
} SfmRecipeText;

// Reads JSON. Not a recipe, a missing or wrong key, more than SFM_RECIPE_MAX_SIZE
// bytes: SFM_ERROR_BAD_FILE. Another version or precision, an unknown key:
// SFM_ERROR_UNSUPPORTED, the message having the remedy. The message begins with "recipe: ". `out`
// is zeroed memory, to be cleared in any case.
#define SFM_RECIPE_MAX_SIZE (1024 * 1024)
bool sfm_recipe_text_read(const char *json, SfmRecipeText *out, GError **error);

// A zeroed struct is a no-op.
void sfm_recipe_text_clear(SfmRecipeText *text);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SfmRecipeText, sfm_recipe_text_clear)

#endif
