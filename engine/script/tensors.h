// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_SCRIPT_TENSORS_H
#define SFM_SCRIPT_TENSORS_H

#include "script/body.h"
#include "script/term.h"

// Pushes a tensor that stands for nothing yet, and returns where its term goes.
// Raises an error when a script keeps too many.
SfmTerm **sfm_tensor_push(lua_State *L);

// Pushes a tensor of x's shape with a buffer of its own, of undefined contents.
SfmBuffer *sfm_tensor_push_buffer(lua_State *L);

// The tensor of the present run at `index`; raises an error if it is none.
// Borrowed from the value at `index`.
SfmTerm *sfm_tensor_check(lua_State *L, int index);

// The same, of x's shape and computed.
SfmBuffer *sfm_tensor_check_buffer(lua_State *L, int index);

// Computes the tensor (which has been checked) or number at `index` into `out`.
void sfm_tensor_write(lua_State *L, int index, SfmBuffer *out);

// Whether the value at `index` is a tensor.
bool sfm_tensor_is(lua_State *L, int index);

// Whether the tensor at `index` is of the run that is on: those of earlier runs
// are void.
bool sfm_tensor_is_of_run(lua_State *L, int index);

// The term of the tensor or number at `index`, which has been checked, with a
// count of its own. Raises nothing.
SfmTerm *sfm_tensor_operand(lua_State *L, int index);

// x:set(e), as Lua calls it.
int sfm_tensor_set(lua_State *L);

// Around calls that may make the device work: its time is not the script's, and
// each kernel costs as much of the grant as 10000 instructions.
void sfm_device_begin(lua_State *L);
// Raises `error`, which it takes, if there is one.
void sfm_device_end(lua_State *L, GError *error);

#endif
