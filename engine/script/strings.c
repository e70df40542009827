// SPDX-License-Identifier: GPL-3.0-or-later
// The string library: what it builds is bounded, what it searches is paid for.
// Texts find these functions by ("x"):rep(3) too, through a metatable that
// scripts cannot reach. What formats and matches is in format.c and search.c.
#include <string.h>

#include <glib.h>

#include "script/api.h"
#include "script/sandbox.h"
#include "script/state.h"
#include "script/strings.h"

#define MAX_BYTES_GIVEN 256 // by string.byte()
#define BYTES_PER_WORK  16  // copied in the time of an instruction

size_t sfm_string_position(lua_Integer position, size_t size)
{
    if (position >= 0)
        return (size_t)position;
    const lua_Unsigned from_end = 0 - (lua_Unsigned)position;
    return from_end > size ? 0 : size + 1 - (size_t)from_end;
}

const char *sfm_string_check(lua_State *L, int index, size_t *size)
{
    const char *text = luaL_checklstring(L, index, size);
    sfm_state_spend(L, 1 + *size / BYTES_PER_WORK);
    return text;
}

// Positions from (at `index`) and to, both included and within the text, as a
// range of bytes: *start .. *end, empty if they cross.
static void get_range(lua_State *L, int index, lua_Integer otherwise_to, size_t size, size_t *start,
                      size_t *end)
{
    const size_t from = sfm_string_position(luaL_optinteger(L, index, 1), size);
    const size_t to = sfm_string_position(luaL_optinteger(L, index + 1, otherwise_to), size);
    *start = from > 0 ? from - 1 : 0;
    *end = MIN(to, size);
    if (*start > *end)
        *start = *end;
}

static int length(lua_State *L)
{
    size_t size = 0;
    luaL_checklstring(L, 1, &size);
    lua_pushinteger(L, (lua_Integer)size);
    return 1;
}

// s:sub([from [, to]])
static int sub(lua_State *L)
{
    size_t size = 0, start = 0, end = 0;
    const char *text = sfm_string_check(L, 1, &size);
    get_range(L, 2, -1, size, &start, &end);
    lua_pushlstring(L, text + start, end - start);
    return 1;
}

// s:byte([from [, to]])
static int byte(lua_State *L)
{
    size_t size = 0, start = 0, end = 0;
    const char *text = luaL_checklstring(L, 1, &size);
    get_range(L, 2, luaL_optinteger(L, 2, 1), size, &start, &end);
    if (end - start > MAX_BYTES_GIVEN)
        return luaL_error(L, "byte gives at most %d bytes", MAX_BYTES_GIVEN);
    luaL_checkstack(L, MAX_BYTES_GIVEN, NULL);
    for (size_t i = start; i < end; i++)
        lua_pushinteger(L, (unsigned char)text[i]);
    return (int)(end - start);
}

// string.char(...)
static int from_bytes(lua_State *L)
{
    const int num = lua_gettop(L);
    luaL_Buffer buffer;
    char *bytes = luaL_buffinitsize(L, &buffer, (size_t)num);
    for (int i = 0; i < num; i++) {
        const lua_Integer value = luaL_checkinteger(L, i + 1);
        luaL_argcheck(L, value >= 0 && value <= 255, i + 1, "a byte expected");
        bytes[i] = (char)value;
    }
    luaL_pushresultsize(&buffer, (size_t)num);
    return 1;
}

// Pushes the text at 1 with each byte changed; ASCII only, whatever the locale.
static int map(lua_State *L, char (*change)(char))
{
    size_t size = 0;
    const char *text = sfm_string_check(L, 1, &size);
    luaL_Buffer buffer;
    char *out = luaL_buffinitsize(L, &buffer, size);
    for (size_t i = 0; i < size; i++)
        out[i] = change(text[i]);
    luaL_pushresultsize(&buffer, size);
    return 1;
}

static int lower(lua_State *L)
{
    return map(L, g_ascii_tolower);
}

static int upper(lua_State *L)
{
    return map(L, g_ascii_toupper);
}

static int reverse(lua_State *L)
{
    size_t size = 0;
    const char *text = sfm_string_check(L, 1, &size);
    luaL_Buffer buffer;
    char *out = luaL_buffinitsize(L, &buffer, size);
    for (size_t i = 0; i < size; i++)
        out[i] = text[size - 1 - i];
    luaL_pushresultsize(&buffer, size);
    return 1;
}

// s:rep(n [, separator])
static int repeat(lua_State *L)
{
    size_t size = 0, gap = 0;
    const char *text = luaL_checklstring(L, 1, &size);
    const lua_Integer num = luaL_checkinteger(L, 2);
    const char *separator = luaL_optlstring(L, 3, "", &gap);
    if (num <= 0 || size + gap == 0) {
        lua_pushliteral(L, "");
        return 1;
    }
    if ((lua_Unsigned)num > SFM_SANDBOX_MAX_TEXT / (size + gap))
        return luaL_error(L, "the text would be longer than %d bytes", (int)SFM_SANDBOX_MAX_TEXT);
    const size_t total = (size_t)num * (size + gap) - gap;
    sfm_state_spend(L, ((size_t)num + total) / BYTES_PER_WORK);
    luaL_Buffer buffer;
    char *out = luaL_buffinitsize(L, &buffer, total + gap);
    for (lua_Integer i = 0; i < num; i++) {
        memcpy(out, text, size);
        memcpy(out + size, separator, gap);
        out += size + gap;
    }
    luaL_pushresultsize(&buffer, total);
    return 1;
}

const SfmApiEntry sfm_api_strings[] = {
    { "byte", byte, "s: string, from?: integer, to?: integer", "integer",
      "Its bytes from .. to as numbers, 256 at most" },
    { "char", from_bytes, "...: integer", "string", "A text of these bytes" },
    { "find", sfm_string_find, "s: string, pattern: string, from?: integer, plain?: boolean",
      "first: integer?, last: integer?, ...: string",
      "Where the pattern is found, and its captures; nil where it is not" },
    { "format", sfm_string_format, "format: string, ...: any", "string",
      "As C's printf: %d %x %f %g %s %q ...; a field is 99 wide at most" },
    { "gmatch", sfm_string_gmatch, "s: string, pattern: string", "fun(): string",
      "for match in s:gmatch(pattern)" },
    { "gsub", sfm_string_gsub,
      "s: string, pattern: string, replacement: string|table|fun(match: string): string, most?: "
      "integer",
      "text: string, num: integer", "s with the matches replaced, and how many were" },
    { "len", length, "s: string", "integer", "Its bytes" },
    { "lower", lower, "s: string", "string", "s with A-Z in lower case" },
    { "match", sfm_string_match, "s: string, pattern: string, from?: integer",
      "string?, ...: string",
      "The captures of the first match, or all of it; nil where there is none" },
    { "rep", repeat, "s: string, n: integer, separator?: string", "string", "n times s" },
    { "reverse", reverse, "s: string", "string", "s backwards, byte by byte" },
    { "sub", sub, "s: string, from: integer, to?: integer", "string",
      "Its bytes from .. to; below 0 they count from the end" },
    { "upper", upper, "s: string", "string", "s with a-z in upper case" },
    { 0 },
};

void sfm_strings_open(lua_State *L)
{
    lua_newtable(L);
    sfm_api_register(L, sfm_api_strings, 0);
    sfm_sandbox_close_table(L, "string has no");

    lua_pushliteral(L, ""); // any text: they share a metatable
    lua_createtable(L, 0, 1);
    lua_pushvalue(L, -3);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
    lua_pop(L, 1);
}
