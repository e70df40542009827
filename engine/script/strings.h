// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_SCRIPT_STRINGS_H
#define SFM_SCRIPT_STRINGS_H

#include <stddef.h>

#include <lauxlib.h>
#include <lua.h>

// Where a position of Lua's, which counts from 1 or from the end backwards, is in
// a text of `size` bytes: 0 if before it, else from 1 up, perhaps beyond it.
size_t sfm_string_position(lua_Integer position, size_t size);

// The text at `index`, paid for by its size.
const char *sfm_string_check(lua_State *L, int index, size_t *size);

// Functions of the string library, as Lua calls them.
int sfm_string_find(lua_State *L);
int sfm_string_match(lua_State *L);
int sfm_string_gmatch(lua_State *L);
int sfm_string_gsub(lua_State *L);
int sfm_string_format(lua_State *L);

#endif
