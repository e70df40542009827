// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_SCRIPT_PARAMS_H
#define SFM_SCRIPT_PARAMS_H

#include <stdbool.h>

#include <lua.h>

#include <sfumato/param.h>

// The knobs that the host adds to every schedule that has betas.
#define SFM_PARAM_SPACING      "spacing"
#define SFM_PARAM_STEPS_OFFSET "steps_offset"
#define SFM_PARAM_ZERO_SNR     "zero_snr"

// Reads the `params` of the declaration at `declaration` into `info`, which owns
// them from the first on, or raises an error. `has_betas`: the host's come first.
void sfm_params_take(lua_State *L, int declaration, SfmScriptInfo *info, bool has_betas);

// Whether a double holds an integer exactly.
bool sfm_param_is_integer(double number);

#endif
