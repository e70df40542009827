// SPDX-License-Identifier: GPL-3.0-or-later
// What must stay true: nothing here gives a script a way to run code without the
// hook (coroutines count alone, xpcall's handlers and __gc run unhooked), to
// catch what condemned it, or to reach a metatable that is not its own.
#include "script/sandbox.h"

#include <string.h>

#include <lualib.h>

#include "base/suggest.h"
#include "script/api.h"
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
    const char *what = lua_tostring(L, lua_upvalueindex(1)), *key = sfm_sandbox_text(L, 2, NULL);
    if (strcmp(key, "print") == 0) // which people look for first
        return luaL_error(L, "%s 'print': ctx:log(text) prints a message", what);
    return sfm_sandbox_unknown(L, 1, what, key);
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
    // A chain of tables that are called for one another is followed in a single
    // instruction, in the square of its length; one that is its own, to the end.
    if (raw_field(L, 2, "__call") != LUA_TNIL && !lua_isfunction(L, -1))
        return luaL_error(L, "'__call' must be a function, not a %s", luaL_typename(L, -1));
    lua_pop(L, 1);
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

const SfmApiEntry sfm_api_globals[] = {
    { "assert", NULL, "v: any, message?: any", "any",
      "Raises message where v is false or nil; else gives all that it was given" },
    { "error", NULL, "message: any, level?: integer", "",
      "Raises an error; a text gets the line in front unless level is 0" },
    { "ipairs", NULL, "list: table", "fun(), table, integer",
      "for i, v in ipairs(list): 1 and on, to the first nil" },
    { "next", NULL, "t: table, key?: any", "any, any",
      "The key behind key, and its value; nil behind the last" },
    { "pairs", NULL, "t: table", "fun(), table",
      "for k, v in pairs(t). Texts come in an order that differs from run to run: let no result "
      "depend on it" },
    { "pcall", protected_call, "f: fun(), ...: any", "ok: boolean, ...: any",
      "Calls f and catches its errors, but not the end of a script that ran too long, a failure of "
      "the device or a cancel" },
    { "rawequal", NULL, "a: any, b: any", "boolean", "a == b without metamethods" },
    { "rawget", NULL, "t: table, key: any", "any", "t[key] without metamethods" },
    { "rawlen", NULL, "t: table|string", "integer", "#t without metamethods" },
    { "rawset", NULL, "t: table, key: any, value: any", "table",
      "t[key] = value without metamethods" },
    { "select", NULL, "n: integer|string, ...: any", "any",
      "The arguments from the n-th on; with \"#\" their number" },
    { "setmetatable", set_metatable, "t: table, metatable: table?", "table",
      "The metatable is copied, and has neither __gc nor __mode" },
    { "tonumber", NULL, "v: any, base?: integer", "number?",
      "The number that v reads as; nil where it is none" },
    { "tostring", to_string, "v: any", "string",
      "As print would show v; a table or a function by its type alone, without an address" },
    { "type", NULL, "v: any", "string",
      "\"nil\", \"number\", \"string\", \"boolean\", \"table\", \"function\", or \"userdata\" for "
      "tensors" },
    { 0 },
};

// By name, so that a Lua that was built with more has no more.
const SfmApiEntry sfm_api_math[] = {
    { "abs", NULL, "x: number", "number", "|x|" },
    { "acos", NULL, "x: number", "number", "Arc cosine, in radians" },
    { "asin", NULL, "x: number", "number", "Arc sine, in radians" },
    { "atan", NULL, "y: number, x?: number", "number",
      "Arc tangent of y / x, in radians; x is 1 unless given" },
    { "ceil", NULL, "x: number", "integer", "The least whole number that is not below x" },
    { "cos", NULL, "x: number", "number", "Cosine of x radians" },
    { "deg", NULL, "x: number", "number", "x radians in degrees" },
    { "exp", NULL, "x: number", "number", "e to the power of x" },
    { "floor", NULL, "x: number", "integer", "The greatest whole number that is not above x" },
    { "fmod", NULL, "x: number, y: number", "number", "What is left of x / y rounded towards 0" },
    { "huge", NULL, NULL, "number", "Infinity" },
    { "log", NULL, "x: number, base?: number", "number",
      "Logarithm, natural unless base is given" },
    { "max", NULL, "x: number, ...: number", "number", "The greatest of the arguments" },
    { "maxinteger", NULL, NULL, "integer", "2^63 - 1" },
    { "min", NULL, "x: number, ...: number", "number", "The least of the arguments" },
    { "mininteger", NULL, NULL, "integer", "-2^63" },
    { "modf", NULL, "x: number", "whole: number, fraction: number", "x in two parts" },
    { "pi", NULL, NULL, "number", "3.14159..." },
    { "rad", NULL, "x: number", "number", "x degrees in radians" },
    { "sin", NULL, "x: number", "number", "Sine of x radians" },
    { "sqrt", NULL, "x: number", "number", "Square root" },
    { "tan", NULL, "x: number", "number", "Tangent of x radians" },
    { "tointeger", NULL, "x: any", "integer?", "x as an integer; nil where it is none" },
    { "type", NULL, "x: any", "string?", "\"integer\" or \"float\"; nil where x is no number" },
    { "ult", NULL, "m: integer, n: integer", "boolean", "m < n, both taken as unsigned" },
    { 0 },
};

// The functions of that library which scripts have go into the table at the top.
static void copy_from(lua_State *L, lua_CFunction open, const SfmApiEntry *entries)
{
    lua_pushcfunction(L, open); // luaopen_base() fills the globals there are, and gives them
    lua_call(L, 0, 1);
    lua_insert(L, -2);
    sfm_api_register(L, entries, lua_gettop(L) - 1);
    lua_remove(L, -2);
}

void sfm_sandbox_open(lua_State *L)
{
    lua_newtable(L);
    const int globals = lua_gettop(L);
    copy_from(L, luaopen_base, sfm_api_globals);
    lua_newtable(L);
    copy_from(L, luaopen_math, sfm_api_math);
    sfm_sandbox_close_table(L, "math has no");
    lua_setfield(L, globals, "math");
    sfm_strings_open(L);
    lua_setfield(L, globals, "string");
    sfm_tables_open(L);
    lua_setfield(L, globals, "table");
    sfm_sandbox_close_table(L, "scripts have no");

    lua_pushvalue(L, globals); // what a chunk is loaded with
    lua_rawseti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
}
