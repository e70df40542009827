// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/procedure.h"

#include <string.h>

#include "common/translation.h"

static const SfmProcedure procedures[SFM_NUM_JOBS] = {
    [SFM_JOB_GENERATE] = {
        "plug-in-diffusion-generate",
        N_("Make pictures from noise by denoising diffusion"),
        N_("Runs a diffusion model on a Vulkan device and puts each picture on a new layer, the "
           "size of the image or of its selection; with image -1 or none it makes a new image. "
           "Empty texts and zeros leave the choice to the model's card. The recipe is attached "
           "to the layer as the parasite sfumato-recipe."),
    },
    [SFM_JOB_VARY] = {
        "plug-in-diffusion-vary",
        N_("Make pictures like a layer by denoising diffusion"),
        N_("Puts noise onto a copy of the layer and takes it away again with a diffusion model, "
           "so that something like it comes about: the higher the strength, the less alike. Each "
           "picture is a new layer of the same size and place, above the layer, which stays as "
           "it was, and keeps its alpha. Where something is selected, only that changes. The "
           "recipe is attached to the new layer as the parasite sfumato-recipe."),
    },
    [SFM_JOB_DENOISE] = {
        "plug-in-diffusion-denoise",
        N_("Take the noise out of a photograph by denoising diffusion"),
        N_("Estimates how much noise the layer has, unless sigma says it, and takes it away with "
           "a diffusion model; one step gives the mean of what may lie behind the noise, more "
           "steps one such picture. The result is a new layer of the same size and place, above "
           "the layer, which stays as it was, and keeps its alpha. Where something is selected, "
           "only that changes. The recipe is attached to the new layer as the parasite "
           "sfumato-recipe."),
    },
    [SFM_JOB_INTERPOLATE] = {
        "plug-in-diffusion-interpolate",
        N_("Make pictures between two layers by denoising diffusion"),
        N_("Gives both layers noise, mixes them, and takes the noise away again with a diffusion "
           "model: count pictures, evenly spaced from the one layer to the other. The layers "
           "must be of one size. The results are new layers above both, in a group where there "
           "are several. The recipe is attached to each as the parasite sfumato-recipe."),
    },
    [SFM_JOB_INPAINT] = {
        "plug-in-diffusion-inpaint",
        N_("Paint the selection anew, in agreement with what surrounds it, by denoising diffusion"),
        N_("Fills what is selected with what a diffusion model finds likely there; soft edges of "
           "the selection blend. Each result is a new layer of the layer's size and place, "
           "above the layer, which stays as it was; outside the selection it holds the layer's "
           "pixels bit for bit. The recipe is attached to it as the parasite sfumato-recipe."),
    },
};

const SfmProcedure *sfm_procedure(SfmJob job)
{
    return &procedures[job];
}

bool sfm_find_procedure(const char *name, SfmJob *job)
{
    for (int i = 0; i < SFM_NUM_JOBS; i++) {
        if (strcmp(procedures[i].name, name) != 0)
            continue;
        *job = (SfmJob)i;
        return true;
    }
    return false;
}
