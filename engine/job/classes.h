// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_CLASSES_H
#define SFM_JOB_CLASSES_H

#include "file/model.h"

// The classes that have a number: those that the card names, else as many as the
// network has. The one that means none is not among them.
size_t sfm_num_classes(const SfmModel *model);

// The classes that a user may ask for: of these, those that were trained, by the
// card's names, else by number. The caller owns the list, which ends with NULL.
char **sfm_class_names(const SfmModel *model);

// The label that a name or a number means. NULL or "" is none, SFM_NO_LABEL,
// which is refused where the model cannot do without a class. So is a class that
// was never trained.
bool sfm_class_find(const SfmModel *model, const char *name, int *label, GError **error);

#endif
