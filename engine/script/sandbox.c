// SPDX-License-Identifier: GPL-3.0-or-later
// What must stay true: nothing here gives a script a way to run code without the
// hook (coroutines count alone, xpcall's handlers and __gc run unhooked), to
// catch what condemned it, or to reach a metatable that is not its own.
#include "script/sandbox.h"

#include <string.h>

#include <lualib.h>

#include "base/suggest.h"
#include "script/state.h"

#define MAX_HINTS 128 // keys that a hint is looked for in

int sfm_sandbox_unknown(lua_State *L, int index, const char *what, const char *key)
{
    const char *known[MAX_HINTS];
    size_t num = 0;
    index = lua_absindex(L, index);
    for (lua_pushnil(L); num < MAX_HINTS && lua_next(L, index); lua_pop(L, 1)) {
        if (lua_type(L, -2) == LUA_TSTRING)
            known[num++] = lua_tostring(L, -2);
    }
    const char *nearest = sfm_suggest(key, known, num);
    if (nearest)
        return luaL_error(L, "%s '%s', did you mean '%s'?", what, key, nearest);
    return luaL_error(L, "%s '%s'", what, key);
}

static int unknown_key(lua_State *L)
{
    return sfm_sandbox_unknown(L, 1, lua_tostring(L, lua_upvalueindex(1)),
                               sfm_sandbox_text(L, 2, NULL));
}

void sfm_sandbox_close_table(lua_State *L, const char *what)
{
    lua_createtable(L, 0, 2);
    lua_pushstring(L, what);
    lua_pushcclosure(L, unknown_key, 1);
    lua_setfield(L, -2, "__index");
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
}

// As Lua's own, but what condemned the script goes on.
static int protected_call(lua_State *L)
{
    luaL_checkany(L, 1);
    const int status = lua_pcall(L, lua_gettop(L) - 1, LUA_MULTRET, 0);
    sfm_state_rethrow(L, status);
    lua_pushboolean(L, status == LUA_OK);
    lua_insert(L, 1);
    return lua_gettop(L);
}

// All that a metatable may say. Not __gc, which runs unhooked, and not __mode:
// to collect chains of weak tables may take the square of their number.
static const char *const events[] = {
    "__add",    "__band",      "__bnot", "__bor",  "__bxor",     "__call",     "__close",
    "__concat", "__div",       "__eq",   "__idiv", "__index",    "__le",       "__len",
    "__lt",     "__metatable", "__mod",  "__mul",  "__name",     "__newindex", "__pairs",
    "__pow",    "__shl",       "__shr",  "__sub",  "__tostring", "__unm",
};

static int raw_field(lua_State *L, int table, const char *key)
{
    lua_pushstring(L, key);
    return lua_rawget(L, table);
}

// Whether the tables at the indices say the same.
static bool same_events(lua_State *L, int a, int b)
{
    bool same = true;
    for (size_t i = 0; i < G_N_ELEMENTS(events) && same; i++) {
        raw_field(L, a, events[i]);
        raw_field(L, b, events[i]);
        same = lua_rawequal(L, -1, -2);
        lua_pop(L, 2);
    }
    return same;
}

static void push_copy(lua_State *L, int table)
{
    lua_newtable(L);
    for (size_t i = 0; i < G_N_ELEMENTS(events); i++) {
        raw_field(L, table, events[i]);
        lua_setfield(L, -2, events[i]);
    }
}

// Pushes a copy of the metatable at 2 that no script has a hand on, so that what
// is added later has no effect. One copy serves until the original changes.
static void push_metatable(lua_State *L)
{
    luaL_getsubtable(L, LUA_REGISTRYINDEX, "sfm.metatables"); // by original; at 3
    lua_pushvalue(L, 2);
    if (lua_rawget(L, 3) == LUA_TTABLE && same_events(L, 2, 4))
        return;
    push_copy(L, 2);
    lua_pushvalue(L, 2);
    lua_pushvalue(L, -2);
    lua_rawset(L, 3);
}

static int set_metatable(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_argexpected(L, lua_isnoneornil(L, 2) || lua_istable(L, 2), 2, "nil or table");
    lua_settop(L, 2);
    sfm_state_spend(L, G_N_ELEMENTS(events));
    if (luaL_getmetafield(L, 1, "__metatable") != LUA_TNIL)
        return luaL_error(L, "this metatable is protected");
    if (lua_isnil(L, 2)) {
        lua_setmetatable(L, 1);
        return 1;
    }
    static const char *const refused[] = { "__gc", "__mode" };
    for (size_t i = 0; i < G_N_ELEMENTS(refused); i++) {
        if (raw_field(L, 2, refused[i]) != LUA_TNIL)
            return luaL_error(L, "scripts have no '%s'", refused[i]);
        lua_pop(L, 1);
    }
    push_metatable(L);
    lua_setmetatable(L, 1);
    lua_settop(L, 1);
    return 1;
}

// Tensors have a name for their type, scripts' own tables not.
static const char *push_type(lua_State *L, int index, size_t *size)
{
    if (lua_type(L, index) != LUA_TUSERDATA || luaL_getmetafield(L, index, "__name") != LUA_TSTRING)
        lua_pushstring(L, luaL_typename(L, index));
    return lua_tolstring(L, -1, size);
}

const char *sfm_sandbox_text(lua_State *L, int index, size_t *size)
{
    const int type = lua_type(L, index);
    const bool has_address = type == LUA_TTABLE || type == LUA_TFUNCTION || type == LUA_TUSERDATA;

    if (!has_address)
        return luaL_tolstring(L, index, size);
    if (luaL_getmetafield(L, index, "__tostring") == LUA_TNIL)
        return push_type(L, index, size);
    lua_pop(L, 1);
    return luaL_tolstring(L, index, size);
}

static int to_string(lua_State *L)
{
    luaL_checkany(L, 1);
    sfm_sandbox_text(L, 1, NULL);
    return 1;
}

static const luaL_Reg ours[] = {
    { "pcall", protected_call },
    { "setmetatable", set_metatable },
    { "tostring", to_string },
    { NULL, NULL },
};

static const char *const from_base[] = {
    "assert", "error",  "ipairs", "next",   "pairs",    "rawequal",
    "rawget", "rawlen", "rawset", "select", "tonumber", "type",
};

static void copy_base(lua_State *L, int globals)
{
    lua_pushcfunction(L, luaopen_base); // fills the globals there are, and returns them
    lua_call(L, 0, 1);
    for (size_t i = 0; i < G_N_ELEMENTS(from_base); i++) {
        lua_getfield(L, -1, from_base[i]);
        lua_setfield(L, globals, from_base[i]);
    }
    lua_pop(L, 1);
}

// Without random numbers: ctx:noise() has them, reproducibly.
static void copy_math(lua_State *L, int globals)
{
    lua_pushcfunction(L, luaopen_math);
    lua_call(L, 0, 1);
    static const char *const without[] = { "random", "randomseed" };
    for (size_t i = 0; i < G_N_ELEMENTS(without); i++) {
        lua_pushnil(L);
        lua_setfield(L, -2, without[i]);
    }
    sfm_sandbox_close_table(L, "math has no");
    lua_setfield(L, globals, "math");
}

void sfm_sandbox_open(lua_State *L)
{
    lua_newtable(L);
    const int globals = lua_gettop(L);
    copy_base(L, globals);
    copy_math(L, globals);
    luaL_setfuncs(L, ours, 0);
    sfm_strings_open(L);
    lua_setfield(L, globals, "string");
    sfm_tables_open(L);
    lua_setfield(L, globals, "table");
    sfm_sandbox_close_table(L, "scripts have no");

    lua_pushvalue(L, globals); // what a chunk is loaded with
    lua_rawseti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
}
