// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_SCRIPT_REDUCTION_H
#define SFM_SCRIPT_REDUCTION_H

#include "ops/reduce.h"
#include "script/pool.h"

// values[n] = what op "reduce" makes of image n of `in`. Waits for the device.
bool sfm_reduction_read(SfmPool *pool, SfmReduceKind kind, SfmBuffer *in, float values[],
                        GError **error);

#endif
