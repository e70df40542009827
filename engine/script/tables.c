// SPDX-License-Identifier: GPL-3.0-or-later
// The table library, raw (a table's length is what it has, whatever its __len
// says) and with every loop paid for.
#include "script/api.h"
#include "script/sandbox.h"
#include "script/state.h"

#define MAX_UNPACKED 256
#define WORK_OF_CALL 8 // instructions that a call of a comparison is worth

static lua_Integer check_list(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    return (lua_Integer)lua_rawlen(L, 1);
}

// table.insert(t, [at,] value)
static int insert(lua_State *L)
{
    const lua_Integer num = check_list(L);
    const int num_args = lua_gettop(L);
    if (num_args == 2) {
        lua_rawseti(L, 1, num + 1);
        return 0;
    }
    if (num_args != 3)
        return luaL_error(L, "insert takes a table, a position and a value");
    const lua_Integer at = luaL_checkinteger(L, 2);
    luaL_argcheck(L, at >= 1 && at <= num + 1, 2, "position beyond the list");
    sfm_state_spend(L, (size_t)(num + 1 - at));
    for (lua_Integer i = num; i >= at; i--) {
        lua_rawgeti(L, 1, i);
        lua_rawseti(L, 1, i + 1);
    }
    lua_rawseti(L, 1, at);
    return 0;
}

// table.remove(t [, at])
static int remove_item(lua_State *L)
{
    const lua_Integer num = check_list(L);
    const lua_Integer at = luaL_optinteger(L, 2, num);
    luaL_argcheck(L, (at >= 1 && at <= num + 1) || (num == 0 && at == 0), 2,
                  "position beyond the list");
    lua_rawgeti(L, 1, at);
    sfm_state_spend(L, (size_t)(num > at ? num - at : 0));
    for (lua_Integer i = at; i < num; i++) {
        lua_rawgeti(L, 1, i + 1);
        lua_rawseti(L, 1, i);
    }
    if (at <= num) {
        lua_pushnil(L);
        lua_rawseti(L, 1, num);
    }
    return 1;
}

// table.concat(t [, separator [, from [, to]]])
static int concat(lua_State *L)
{
    const lua_Integer num = check_list(L);
    size_t separator_size = 0;
    const char *separator = luaL_optlstring(L, 2, "", &separator_size);
    const lua_Integer from = luaL_optinteger(L, 3, 1), to = luaL_optinteger(L, 4, num);
    luaL_argcheck(L, from >= 1, 3, "position beyond the list");
    luaL_argcheck(L, to <= num, 4, "position beyond the list");
    luaL_Buffer buffer;
    luaL_buffinit(L, &buffer);
    size_t size = 0;
    for (lua_Integer i = from; i <= to; i++) {
        lua_rawgeti(L, 1, i);
        if (!lua_isstring(L, -1))
            return luaL_error(L, "item %I is a %s, not a text", (LUAI_UACINT)i,
                              luaL_typename(L, -1));
        size += lua_rawlen(L, -1) + separator_size;
        sfm_state_spend(L, 2);
        if (size > SFM_SANDBOX_MAX_TEXT)
            return luaL_error(L, "the text is longer than %d bytes", (int)SFM_SANDBOX_MAX_TEXT);
        luaL_addvalue(&buffer);
        if (i < to)
            luaL_addlstring(&buffer, separator, separator_size);
    }
    luaL_pushresult(&buffer);
    return 1;
}

// table.unpack(t [, from [, to]])
static int unpack(lua_State *L)
{
    const lua_Integer num = check_list(L);
    const lua_Integer from = luaL_optinteger(L, 2, 1), to = luaL_optinteger(L, 3, num);
    if (from > to)
        return 0;
    if (from < 1 || to > MAX_UNPACKED || to - from >= MAX_UNPACKED)
        return luaL_error(L, "unpack takes positions from 1 to %d", MAX_UNPACKED);
    luaL_checkstack(L, MAX_UNPACKED, NULL);
    for (lua_Integer i = from; i <= to; i++)
        lua_rawgeti(L, 1, i);
    return (int)(to - from + 1);
}

// table.pack(...)
static int pack(lua_State *L)
{
    const int num = lua_gettop(L);
    lua_createtable(L, num, 1);
    lua_insert(L, 1);
    for (int i = num; i >= 1; i--)
        lua_rawseti(L, 1, i);
    lua_pushinteger(L, num);
    lua_setfield(L, 1, "n");
    return 1;
}

// table.move(a, from, to, at [, b]): a[from .. to] to b[at ..]
static int move(lua_State *L)
{
    const lua_Integer num = check_list(L);
    const lua_Integer from = luaL_checkinteger(L, 2), to = luaL_checkinteger(L, 3);
    const lua_Integer at = luaL_checkinteger(L, 4);
    const int target = lua_isnoneornil(L, 5) ? 1 : 5;
    luaL_checktype(L, target, LUA_TTABLE);
    lua_settop(L, 5);
    if (from <= to) {
        luaL_argcheck(L, from >= 1, 2, "position beyond the list");
        luaL_argcheck(L, to <= num, 3, "position beyond the list");
        luaL_argcheck(L, at >= 1 && at <= LUA_MAXINTEGER - num, 4, "position beyond a list");
        sfm_state_spend(L, (size_t)(to - from + 1));
        const bool upwards = at > from && target == 1; // the last first, lest it is overwritten
        for (lua_Integer k = 0; k <= to - from; k++) {
            const lua_Integer i = upwards ? to - from - k : k;
            lua_rawgeti(L, 1, from + i);
            lua_rawseti(L, target, at + i);
        }
    }
    lua_pushvalue(L, target);
    return 1;
}

// Whether the value at the top but one comes before that at the top, by the
// function at index 2 or by <. Pops both.
static bool comes_before(lua_State *L)
{
    sfm_state_spend(L, WORK_OF_CALL);
    bool before;
    if (lua_isnil(L, 2)) {
        before = lua_compare(L, -2, -1, LUA_OPLT);
        lua_pop(L, 2);
    } else {
        lua_pushvalue(L, 2);
        lua_insert(L, -3);
        lua_call(L, 2, 1);
        before = lua_toboolean(L, -1);
        lua_pop(L, 1);
    }
    return before;
}

static bool item_comes_before(lua_State *L, lua_Integer i, lua_Integer j)
{
    lua_rawgeti(L, 1, i);
    lua_rawgeti(L, 1, j);
    return comes_before(L);
}

static void swap(lua_State *L, lua_Integer i, lua_Integer j)
{
    lua_rawgeti(L, 1, i);
    lua_rawgeti(L, 1, j);
    lua_rawseti(L, 1, i);
    lua_rawseti(L, 1, j);
}

// Lets item i of a heap sink below those that come after it.
static void sift(lua_State *L, lua_Integer i, lua_Integer num)
{
    while (2 * i <= num) {
        lua_Integer child = 2 * i;
        if (child < num && item_comes_before(L, child, child + 1))
            child++;
        if (!item_comes_before(L, i, child))
            return;
        swap(L, i, child);
        i = child;
    }
}

// table.sort(t [, before]): a heap sort, which takes n log n steps whatever
// `before` says.
static int sort(lua_State *L)
{
    const lua_Integer num = check_list(L);
    if (!lua_isnoneornil(L, 2))
        luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_settop(L, 2);
    for (lua_Integer i = num / 2; i >= 1; i--)
        sift(L, i, num);
    for (lua_Integer last = num; last > 1; last--) {
        swap(L, 1, last);
        sift(L, 1, last - 1);
    }
    return 0;
}

const SfmApiEntry sfm_api_tables[] = {
    { "concat", concat, "list: table, separator?: string, from?: integer, to?: integer", "string",
      "Its texts and numbers, one after the other" },
    { "insert", insert, "list: table, at: integer, value: any", "",
      "Puts value there, before what is there and behind it; insert(list, value) puts it at the "
      "end" },
    { "move", move, "a: table, from: integer, to: integer, at: integer, b?: table", "table",
      "Copies a[from .. to] to b[at ..]; b is a unless given" },
    { "pack", pack, "...: any", "table", "A list of its arguments, and their number as n" },
    { "remove", remove_item, "list: table, at?: integer", "any",
      "Takes out what is there, the last unless said, and gives it" },
    { "sort", sort, "list: table, before?: fun(a: any, b: any): boolean", "",
      "In place; by < unless `before` says. Equal items come in any order" },
    { "unpack", unpack, "list: table, from?: integer, to?: integer", "any",
      "Its items from .. to as so many values, 256 at most" },
    { 0 },
};

void sfm_tables_open(lua_State *L)
{
    lua_newtable(L);
    sfm_api_register(L, sfm_api_tables, 0);
    sfm_sandbox_close_table(L, "table has no");
}
