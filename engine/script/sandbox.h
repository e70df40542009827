// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_SCRIPT_SANDBOX_H
#define SFM_SCRIPT_SANDBOX_H

#include <lauxlib.h>
#include <lua.h>

// Makes the state's globals: the base functions that cannot loop unseen, math
// without its random numbers, string and table with bounds of our own. Leaves
// the table of globals on the stack, for what the API adds.
void sfm_sandbox_open(lua_State *L);

// Push the string and the table library.
void sfm_strings_open(lua_State *L);
void sfm_tables_open(lua_State *L);

// Makes reads of what the table at the top does not have an error,
// "WHAT 'key'" with a hint, and its metatable untouchable.
void sfm_sandbox_close_table(lua_State *L, const char *what);

// Raises "WHAT 'key'", with a hint from the string keys of the table at `index`.
int sfm_sandbox_unknown(lua_State *L, int index, const char *what, const char *key);

// Pushes what tostring() gives for the value at `index`: no addresses, since
// they differ from run to run.
const char *sfm_sandbox_text(lua_State *L, int index, size_t *size);

// A text in bytes no longer than this: a bound on what string functions build.
#define SFM_SANDBOX_MAX_TEXT ((size_t)1 << 20)

#endif
