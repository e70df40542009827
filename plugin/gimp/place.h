// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_GIMP_PLACE_H
#define SFM_GIMP_PLACE_H

#include "common/form.h"
#include "gimp/host.h"
#include "gimp/worker.h"

// What a run has brought about, as the procedure returns it.
typedef struct {
    int image;   // the one given, or a new one
    int *layers; // [num_layers], owned; those with pictures, not the group
    int num_layers;
} SfmResult;

void sfm_result_clear(SfmResult *result);

// Puts each picture on a layer of its own, its recipe attached, several of them in a
// group, all in one undo step; makes an image of the first picture's size where the
// job had none. The layers stay outside the image until the last is written, so that
// on failure the image is as it was. What is not selected of a layer that was changed
// becomes as it was there, for which the pictures of `outcome` are altered.
bool sfm_place(const SfmForm *form, SfmOutcome *outcome, SfmResult *result, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SfmResult, sfm_result_clear)

#endif
