// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_PLAN_CHOICES_H
#define SFM_PLAN_CHOICES_H

#include <glib.h>

#include "graph/op.h"

// What tells calls apart for the choice of a kernel: the op, and channels, height
// and width of what it reads and makes, "conv2d 128x32x32 128x3x3 128 > 128x32x32";
// a vector is its channels alone. The batch is not in it, so that an image's bits do
// not depend on that. Calls that differ in attributes alone, which cost the same,
// have one key. The caller owns it.
char *sfm_call_key(const SfmCall *call);

// Whether it is the key of some call of an op that there is, written as above.
bool sfm_call_key_valid(const char *key);

// Kernels by name, for calls by key, that are to run in place of the first that
// applies. Pure data; where one is passed, NULL stands for an empty one.
typedef struct SfmChoices SfmChoices;

SfmChoices *sfm_choices_new(void);
SfmChoices *sfm_choices_copy(const SfmChoices *choices);
void sfm_choices_free(SfmChoices *choices);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SfmChoices, sfm_choices_free)

// Sets the one for this key, or takes it away where `kernel` is NULL.
void sfm_choices_set(SfmChoices *choices, const char *key, const char *kernel);

// NULL: none for this key. Borrowed.
const char *sfm_choices_find(const SfmChoices *choices, const char *key);

size_t sfm_choices_num(const SfmChoices *choices);
bool sfm_choices_equal(const SfmChoices *a, const SfmChoices *b);

// All keys, sorted, NULL-terminated. The caller frees the array; the keys are borrowed.
const char **sfm_choices_keys(const SfmChoices *choices);

// As lines "KEY = KERNEL", sorted, NULL-terminated, and back: NULL, with
// SFM_ERROR_BAD_ARGUMENT, where a line is none, or a key is there twice. The caller
// frees with g_strfreev().
char **sfm_choices_lines(const SfmChoices *choices);
SfmChoices *sfm_choices_parse(const char *const *lines, GError **error);

#endif
