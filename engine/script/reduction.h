// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_SCRIPT_REDUCTION_H
#define SFM_SCRIPT_REDUCTION_H

#include <lua.h>

#include "ops/reduce.h"
#include "script/pool.h"

// values[n] = what op "reduce" makes of image n of `in`. Waits for the device.
bool sfm_reduction_read(SfmPool *pool, SfmReduceKind kind, SfmBuffer *in, float values[],
                        GError **error);

// Methods of tensors, as Lua calls them. For a batch of one they give a number,
// else a tensor of one value an image.
int sfm_reduction_rms(lua_State *L);
int sfm_reduction_absmax(lua_State *L);
int sfm_reduction_mean(lua_State *L);
int sfm_reduction_quantile(lua_State *L);

// For y:slerp(z, w), which is on the stack: pushes what y and z are to be
// multiplied by, each one value an image.
void sfm_reduction_slerp_weights(lua_State *L);

#endif
