// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_GIMP_GENERATE_H
#define SFM_GIMP_GENERATE_H

#include <stdbool.h>

#include "common/form.h"
#include "common/translation.h"
#include "gimp/place.h"

#define SFM_GENERATE_PROCEDURE "plug-in-diffusion-generate"
#define SFM_GENERATE_BLURB     N_("Make pictures from noise by denoising diffusion")
#define SFM_GENERATE_HELP                                                                          \
    N_("Runs a diffusion model on a Vulkan device and puts each picture on a new layer, the size " \
       "of the image or of its selection; with image -1 or none it makes a new image. Empty "      \
       "texts and zeros leave the choice to the model's card. The recipe is attached to the "      \
       "layer as the parasite sfumato-recipe.")
#define SFM_GENERATE_LABEL N_("_Diffusion...")
// Translators: only the last word of a menu's path is translated
#define SFM_GENERATE_MENU  N_("<Image>/Filters/Generate")

// How GIMP has called.
typedef struct {
    int image;   // -1: none
    bool dialog; // ask first; GTK is up then
    bool show;   // open a window on a new image
} SfmHostCall;

// The whole procedure: asks where `call` says so, which changes `form` to what
// was asked for, computes, and only then touches the image. On failure,
// SFM_ERROR_CANCELLED among others, nothing has changed but the form. `result`
// is zeroed memory.
bool sfm_plugin_generate(const SfmHostCall *call, SfmForm *form, SfmResult *result, GError **error);

#endif
