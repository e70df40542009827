// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_SCRIPT_FUNCTION_H
#define SFM_SCRIPT_FUNCTION_H

#include <stdbool.h>

#include <lua.h>

// The functions that a script declared, by the names of their fields.

// Keeps the function at the top, and pops it.
void sfm_function_keep(lua_State *L, const char *name);

// Pushes it and returns true; pushes nothing where there is none. Until the next
// one is pushed, an error that the host itself raises has the line where this
// one starts: it is about what the function returned.
bool sfm_function_push(lua_State *L, const char *name);

// Makes the function at the top, which is not kept, the one that errors are about.
void sfm_function_blame(lua_State *L);

// Raises "FILE:LINE: WHAT", with the line where the last function starts, also
// where the host was called by a script.
int sfm_function_refuse(lua_State *L, const char *what);

#endif
