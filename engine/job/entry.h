// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_ENTRY_H
#define SFM_JOB_ENTRY_H

#include "job/noise_table.h"
#include "script/script.h"

// How a run is entered on its way: by jobs that start from a picture, and not
// from noise alone.

// The level that lies `part` (0 .. 1) of the way from no noise to all that the
// model was trained on: in timesteps where it has them (`table`), else evenly in
// log sigma. Part 0 is its least level.
double sfm_entry_sigma(const SfmScriptModel *model, const SfmNoiseTable *table, double part);

// The levels of a run that begins at `sigma` and takes `num_steps` steps to the
// schedule's end; they are the schedule's own, of as long a run as has so many
// below sigma. Fewer where it never has: with a note to the log.
bool sfm_entry_levels(SfmScript *schedule, const SfmScriptModel *model, double sigma, int num_steps,
                      SfmLevels *levels, GError **error);

#endif
