// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_GIMP_GENERATE_H
#define SFM_GIMP_GENERATE_H

#include <stdbool.h>

#include "common/form.h"
#include "common/translation.h"
#include "gimp/place.h"

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
