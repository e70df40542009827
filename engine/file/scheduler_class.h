// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_FILE_SCHEDULER_CLASS_H
#define SFM_FILE_SCHEDULER_CLASS_H

#include "file/config.h"

// What the published scheduler classes take for keys that their file does not
// have, and which keys they do not heed.

// Of `config->class_name`, before the file is read: `config` holds the defaults
// that most classes have. No-op for a class that is not known.
void sfm_scheduler_class_begin(SfmSchedulerConfig *config);

// After it: what the class does not do, or does its own way, is set so.
void sfm_scheduler_class_end(SfmSchedulerConfig *config);

#endif
