// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_CLASSES_H
#define SFM_JOB_CLASSES_H

#include "file/model.h"

// The classes that a user may ask for: those that the card names, else as many
// as the network has, by number. The one that means none is not among them.
size_t sfm_num_classes(const SfmModel *model);

// The name of a class; the caller then owns it.
char *sfm_class_name(const SfmModel *model, size_t i);

// The label that a name or a number means. NULL or "" is none, SFM_NO_LABEL,
// which is refused where the model cannot do without a class.
bool sfm_class_find(const SfmModel *model, const char *name, int *label, GError **error);

#endif
