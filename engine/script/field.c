// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/field.h"

#include <math.h>
#include <string.h>

#include <glib.h>

#include "base/suggest.h"
#include "script/sandbox.h"
#include "script/state.h"

#define MAX_TEXT 4096 // bytes of a title, a help, a choice
#define MAX_KEYS 32   // of one kind of table

int sfm_field_refuse(lua_State *L, const char *place, const char *what)
{
    return luaL_error(L, "%s%s%s", place ? place : "", place ? ": " : "", what);
}

int sfm_field_bad_type(lua_State *L, const char *place, const char *key, const char *wanted)
{
    if (lua_isnil(L, -1))
        lua_pushfstring(L, "'%s' is missing: it must be %s", key, wanted);
    else
        lua_pushfstring(L, "'%s' must be %s, not a %s", key, wanted, luaL_typename(L, -1));
    return sfm_field_refuse(L, place, lua_tostring(L, -1));
}

static void check_key(lua_State *L, const char *place, const char *key, const SfmApiEntry *known)
{
    const char *keys[MAX_KEYS];
    size_t num = 0;
    for (; known && known[num].name && num < MAX_KEYS; num++) {
        keys[num] = known[num].name;
        if (strcmp(key, keys[num]) == 0)
            return;
    }
    const char *nearest = sfm_suggest(key, keys, num);
    if (strcmp(key, "0") == 0)
        lua_pushliteral(L, "unknown key '0': lists begin at 1");
    else if (nearest)
        lua_pushfstring(L, "unknown key '%s', did you mean '%s'?", key, nearest);
    else
        lua_pushfstring(L, "unknown key '%s'", key);
    sfm_field_refuse(L, place, lua_tostring(L, -1));
}

void sfm_field_check_keys(lua_State *L, int index, const char *place, const SfmApiEntry *known,
                          lua_Integer num_items)
{
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
        const bool is_item =
            lua_isinteger(L, -2) && lua_tointeger(L, -2) >= 1 && lua_tointeger(L, -2) <= num_items;
        if (is_item)
            continue;
        lua_pushvalue(L, -2); // not the key itself: conversion would confuse lua_next()
        check_key(L, place, sfm_sandbox_text(L, -1, NULL), known);
        lua_pop(L, 2);
    }
}

int sfm_field_push(lua_State *L, int table, const char *key)
{
    lua_pushstring(L, key);
    return lua_rawget(L, table);
}

// A line that no terminal takes for an order.
static bool is_line(const char *text, size_t size)
{
    bool fine = size <= MAX_TEXT && g_utf8_validate(text, (gssize)size, NULL);
    for (const char *c = text; fine && *c; c = g_utf8_next_char(c))
        fine = !g_unichar_iscntrl(g_utf8_get_char(c));
    return fine;
}

void sfm_field_check_text(lua_State *L, const char *place, const char *key)
{
    size_t size = 0;
    const char *text = lua_tolstring(L, -1, &size);
    if (is_line(text, size))
        return;
    lua_pushfstring(L, "'%s' must be one line of UTF-8 of at most %d bytes", key, MAX_TEXT);
    sfm_field_refuse(L, place, lua_tostring(L, -1));
}

char *sfm_field_copy_text(lua_State *L, const char *place, const char *key)
{
    if (lua_type(L, -1) != LUA_TSTRING)
        sfm_field_bad_type(L, place, key, "a text");
    sfm_field_check_text(L, place, key);
    return g_strdup(lua_tostring(L, -1));
}

char *sfm_field_text(lua_State *L, int table, const char *place, const char *key)
{
    const bool present = sfm_field_push(L, table, key) != LUA_TNIL;
    char *text = present ? sfm_field_copy_text(L, place, key) : NULL;
    lua_pop(L, 1);
    return text;
}

double sfm_field_number(lua_State *L, int table, const char *place, const char *key,
                        double otherwise)
{
    const int type = sfm_field_push(L, table, key);
    if (type != LUA_TNIL && type != LUA_TNUMBER)
        sfm_field_bad_type(L, place, key, "a number");
    const double number = type == LUA_TNIL ? otherwise : lua_tonumber(L, -1);
    if (type != LUA_TNIL && !isfinite(number)) {
        lua_pushfstring(L, "'%s' must be finite, not %f", key, number);
        sfm_field_refuse(L, place, lua_tostring(L, -1));
    }
    lua_pop(L, 1);
    return number;
}

int sfm_field_count(lua_State *L, int table, const char *key, int least, int otherwise)
{
    const double count = sfm_field_number(L, table, NULL, key, otherwise);
    if (count != floor(count) || count < least || count > 100)
        luaL_error(L, "'%s' must be an integer from %d to 100, not %s", key, least,
                   sfm_state_push_number(L, count));
    return (int)count;
}

bool sfm_field_boolean(lua_State *L, int table, const char *key)
{
    const int type = sfm_field_push(L, table, key);
    if (type != LUA_TNIL && type != LUA_TBOOLEAN)
        sfm_field_bad_type(L, NULL, key, "true or false");
    const bool value = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return value;
}

size_t sfm_field_list(lua_State *L, const char *what, int least, int most)
{
    if (!lua_istable(L, -1))
        luaL_error(L, "%s must be a list of numbers, not a %s", what, luaL_typename(L, -1));
    const lua_Unsigned num = lua_rawlen(L, -1);
    if (least == most && num != (lua_Unsigned)least)
        luaL_error(L, "%s must have %d numbers, not %d", what, least, (int)num);
    if (num < (lua_Unsigned)least || num > (lua_Unsigned)most)
        luaL_error(L, "%s must have %d to %d numbers, not %d", what, least, most, (int)num);
    return (size_t)num;
}

double sfm_field_list_number(lua_State *L, const char *what, size_t i)
{
    if (lua_rawgeti(L, -1, (lua_Integer)i + 1) != LUA_TNUMBER)
        luaL_error(L, "%s[%d] is a %s, not a number", what, (int)i + 1, luaL_typename(L, -1));
    const double number = lua_tonumber(L, -1);
    if (!isfinite(number))
        luaL_error(L, "%s[%d] is %f, which is not finite", what, (int)i + 1, number);
    lua_pop(L, 1);
    return number;
}
