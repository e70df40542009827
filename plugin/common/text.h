// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_COMMON_TEXT_H
#define SFM_COMMON_TEXT_H

#include <sfumato/engine.h>

// What a shell tells a person. Each result is the caller's, to g_free().

// `text` with the full stop of the user's language, unless it ends in one or asks.
char *sfm_sentence(const char *text);

// The error's message as a sentence and, on a line of its own, what may be done
// about it, where anything may.
char *sfm_error_text(const GError *error);

// "Loading the model", "Preparing the first step", "Step 3 of 30, 12 s left".
char *sfm_progress_text(const SfmProgress *progress);

// "Denoise, Photo, seed 7": of a group, and of a layer that is the only one.
char *sfm_result_name(SfmJob job, const char *model, int seed);

// "Generate, Textures, seed 7, number 2" for the second of several images;
// "..., number 2, frame 3" for the third estimate on its way, if `frame` is not 0.
char *sfm_layer_name(SfmJob job, const char *model, int seed, int number, int frame);

#endif
