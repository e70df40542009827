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

// "Textures, seed 7"; "Textures, seed 7, number 2" for the second picture of several.
char *sfm_layer_name(const char *model, int seed, int index, int count);

#endif
