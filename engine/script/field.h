// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_SCRIPT_FIELD_H
#define SFM_SCRIPT_FIELD_H

#include <stdbool.h>

#include <lauxlib.h>
#include <lua.h>

#include "script/api.h"

// Reads the fields of a table that a script has declared: raw, without
// metamethods. What is wrong raises an error that starts with `place` ("knob
// 'eta'"; NULL in the declaration itself) and names the field.

// The table at `index` has no keys but the names of `known` (NULL: none) and 1 ..
// num_items.
void sfm_field_check_keys(lua_State *L, int index, const char *place, const SfmApiEntry *known,
                          lua_Integer num_items);

// Pushes table[key] and returns its type.
int sfm_field_push(lua_State *L, int table, const char *key);

// The caller owns the text; NULL where there is none.
char *sfm_field_text(lua_State *L, int table, const char *place, const char *key);

// Refuses the text at the top of the stack unless it is one line of valid UTF-8.
void sfm_field_check_text(lua_State *L, const char *place, const char *key);

// A copy of the text at the top, which must be such a line.
char *sfm_field_copy_text(lua_State *L, const char *place, const char *key);

// A finite number; `otherwise` where there is none.
double sfm_field_number(lua_State *L, int table, const char *place, const char *key,
                        double otherwise);

// An integer from `least` to 100.
int sfm_field_count(lua_State *L, int table, const char *key, int least, int otherwise);

// False where there is none.
bool sfm_field_boolean(lua_State *L, int table, const char *key);

// The length of the list at the top of the stack, which `what` returned: from
// `least` to `most` numbers. And its number i, from 0, which is finite.
size_t sfm_field_list(lua_State *L, const char *what, int least, int most);
double sfm_field_list_number(lua_State *L, const char *what, size_t i);

// Raise "PLACE: WHAT"; "PLACE: 'key' must be WANTED, not a table" of what is at the top.
int sfm_field_refuse(lua_State *L, const char *place, const char *what);
int sfm_field_bad_type(lua_State *L, const char *place, const char *key, const char *wanted);

#endif
