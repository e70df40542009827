// SPDX-License-Identifier: GPL-3.0-or-later
// string.find, match, gmatch and gsub.
#include <string.h>

#include <glib.h>

#include "script/pattern.h"
#include "script/sandbox.h"
#include "script/state.h"
#include "script/strings.h"

// Pushes the pattern whose text is at `index`, taken apart: Lua owns it.
static const SfmPattern *push_pattern(lua_State *L, int index)
{
    size_t size = 0;
    const char *text = sfm_string_check(L, index, &size);
    SfmPattern *pattern = lua_newuserdatauv(L, sizeof *pattern, 0);
    const char *wrong = sfm_pattern_compile(pattern, text, size);
    if (wrong)
        luaL_argerror(L, index, wrong);
    return pattern;
}

// As sfm_pattern_find(), on the script's account.
static bool find(lua_State *L, SfmMatch *match, size_t from)
{
    SfmState *state = sfm_state_of(L);
    match->work = state->work;
    const bool found = sfm_pattern_find(match, from);
    sfm_state_spend(L, (size_t)(state->work - match->work));
    return found;
}

static void push_capture(lua_State *L, const SfmMatch *match, int i)
{
    const SfmCapture *capture = &match->capture[i];
    if (capture->is_position)
        lua_pushinteger(L, (lua_Integer)capture->start + 1);
    else
        lua_pushlstring(L, match->text + capture->start, capture->end - capture->start);
}

static void push_whole(lua_State *L, const SfmMatch *match)
{
    lua_pushlstring(L, match->text + match->start, match->end - match->start);
}

// Pushes the captures, or the whole match where there are none. Returns how many.
static int push_captures(lua_State *L, const SfmMatch *match)
{
    luaL_checkstack(L, SFM_PATTERN_MAX_CAPTURES + 4, NULL);
    for (int i = 0; i < match->pattern->num_captures; i++)
        push_capture(L, match, i);
    if (match->pattern->num_captures > 0)
        return match->pattern->num_captures;
    push_whole(L, match);
    return 1;
}

// Where `wanted` begins in text[from ..]; size + 1 if nowhere.
static size_t find_plain(lua_State *L, const char *text, size_t size, size_t from,
                         const char *wanted, size_t wanted_size)
{
    while (size - from >= wanted_size) {
        sfm_state_spend(L, 1 + wanted_size / 16);
        if (memcmp(text + from, wanted, wanted_size) == 0)
            return from;
        if (from == size)
            break;
        const char *next = memchr(text + from + 1, wanted[0], size - from - 1);
        if (!next)
            break;
        from = (size_t)(next - text);
    }
    return size + 1;
}

static bool is_plain(const char *pattern, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (pattern[i] != '\0' && strchr("^$*+?.([%-", pattern[i]))
            return false;
    }
    return true;
}

// The third argument: where a search begins, from 0. Beyond the text: size + 1.
static size_t get_start(lua_State *L, size_t size)
{
    const size_t position = sfm_string_position(luaL_optinteger(L, 3, 1), size);
    return MIN(position > 0 ? position - 1 : 0, size + 1);
}

static int push_found(lua_State *L, size_t start, size_t end)
{
    lua_pushinteger(L, (lua_Integer)start + 1);
    lua_pushinteger(L, (lua_Integer)end);
    return 2;
}

// s:find(pattern [, from [, plain]])
int sfm_string_find(lua_State *L)
{
    SfmMatch match = { 0 };
    size_t wanted_size = 0;
    match.text = sfm_string_check(L, 1, &match.size);
    const char *wanted = sfm_string_check(L, 2, &wanted_size);
    const size_t from = get_start(L, match.size);
    lua_settop(L, 4);
    luaL_pushfail(L);
    if (from > match.size)
        return 1;
    if (lua_toboolean(L, 4) || is_plain(wanted, wanted_size)) {
        const size_t at = find_plain(L, match.text, match.size, from, wanted, wanted_size);
        return at > match.size ? 1 : push_found(L, at, at + wanted_size);
    }
    match.pattern = push_pattern(L, 2);
    if (!find(L, &match, from)) {
        luaL_pushfail(L);
        return 1;
    }
    push_found(L, match.start, match.end);
    return 2 + (match.pattern->num_captures > 0 ? push_captures(L, &match) : 0);
}

// s:match(pattern [, from])
int sfm_string_match(lua_State *L)
{
    SfmMatch match = { 0 };
    match.text = sfm_string_check(L, 1, &match.size);
    const size_t from = get_start(L, match.size);
    match.pattern = push_pattern(L, 2);
    if (from <= match.size && find(L, &match, from))
        return push_captures(L, &match);
    luaL_pushfail(L);
    return 1;
}

// Upvalues: the text, the pattern, where to go on, where the last match ended
// (or -1): an empty match right there does not count.
static int next_match(lua_State *L)
{
    SfmMatch match = { 0 };
    match.text = lua_tolstring(L, lua_upvalueindex(1), &match.size);
    match.pattern = lua_touserdata(L, lua_upvalueindex(2));
    size_t from = (size_t)lua_tointeger(L, lua_upvalueindex(3));
    const lua_Integer last = lua_tointeger(L, lua_upvalueindex(4));
    while (from <= match.size && find(L, &match, from)) {
        from = match.end;
        if (match.start == match.end && (lua_Integer)match.end == last) {
            from++;
            continue;
        }
        lua_pushinteger(L, (lua_Integer)from);
        lua_copy(L, -1, lua_upvalueindex(3));
        lua_replace(L, lua_upvalueindex(4));
        return push_captures(L, &match);
    }
    return 0;
}

// for ... in s:gmatch(pattern)
int sfm_string_gmatch(lua_State *L)
{
    luaL_checkstring(L, 1);
    lua_settop(L, 2);
    push_pattern(L, 2);
    lua_replace(L, 2);
    lua_pushinteger(L, 0);
    lua_pushinteger(L, -1);
    lua_pushcclosure(L, next_match, 4);
    return 1;
}

// Appends a template: %0 is the match, %1 a capture, %% a percent sign.
static void add_template(lua_State *L, luaL_Buffer *buffer, const SfmMatch *match)
{
    size_t size = 0;
    const char *text = sfm_string_check(L, 3, &size); // paid for anew at each match
    for (size_t i = 0; i < size; i++) {
        if (text[i] != '%') {
            luaL_addchar(buffer, text[i]);
            continue;
        }
        const char c = text[++i]; // a '\0' is behind the text
        const int num = c - '1';
        if (c == '%')
            luaL_addchar(buffer, c);
        else if (c == '0' || (num == 0 && match->pattern->num_captures == 0))
            luaL_addlstring(buffer, match->text + match->start, match->end - match->start);
        else if (num >= 0 && num < match->pattern->num_captures) {
            sfm_state_spend(L, 8); // a text is made of it
            push_capture(L, match, num);
            luaL_addvalue(buffer);
        } else
            luaL_argerror(L, 3, "%% and a capture's digit expected");
    }
}

// Appends what a table or a function has for the match; the match itself where
// that is nil or false.
static void add_value(lua_State *L, luaL_Buffer *buffer, const SfmMatch *match)
{
    if (lua_istable(L, 3)) {
        if (match->pattern->num_captures > 0)
            push_capture(L, match, 0);
        else
            push_whole(L, match);
        lua_gettable(L, 3);
    } else {
        lua_pushvalue(L, 3);
        lua_call(L, push_captures(L, match), 1);
    }
    if (!lua_toboolean(L, -1)) {
        lua_pop(L, 1);
        push_whole(L, match);
    } else if (!lua_isstring(L, -1)) {
        luaL_error(L, "the replacement is a %s, not a text", luaL_typename(L, -1));
    }
    luaL_addvalue(buffer);
}

// Replaces the matches, appending to the buffer. Returns how many.
static lua_Integer replace(lua_State *L, luaL_Buffer *buffer, SfmMatch *match, lua_Integer most)
{
    const bool by_template = lua_type(L, 3) == LUA_TSTRING || lua_type(L, 3) == LUA_TNUMBER;
    size_t done = 0, from = 0; // what is in the buffer; where to search
    lua_Integer num = 0;
    while (num < most && from <= match->size && find(L, match, from)) {
        const bool again = num > 0 && match->start == match->end && match->end == done;
        if (!again) {
            num++;
            luaL_addlstring(buffer, match->text + done, match->start - done);
            if (by_template)
                add_template(L, buffer, match);
            else
                add_value(L, buffer, match);
            done = match->end;
        }
        from = match->end + (again || match->start == match->end);
        if (luaL_bufflen(buffer) > SFM_SANDBOX_MAX_TEXT)
            luaL_error(L, "the text is longer than %d bytes", (int)SFM_SANDBOX_MAX_TEXT);
        if (match->pattern->anchored)
            break;
    }
    luaL_addlstring(buffer, match->text + done, match->size - done);
    return num;
}

// s:gsub(pattern, replacement [, most])
int sfm_string_gsub(lua_State *L)
{
    SfmMatch match = { 0 };
    match.text = sfm_string_check(L, 1, &match.size);
    const int type = lua_type(L, 3);
    luaL_argexpected(L,
                     type == LUA_TSTRING || type == LUA_TNUMBER || type == LUA_TTABLE ||
                         type == LUA_TFUNCTION,
                     3, "text, table or function");
    const lua_Integer most = luaL_optinteger(L, 4, LUA_MAXINTEGER);
    lua_settop(L, 4);
    match.pattern = push_pattern(L, 2);
    luaL_Buffer buffer;
    luaL_buffinit(L, &buffer);
    const lua_Integer num = replace(L, &buffer, &match, most);
    luaL_pushresult(&buffer);
    lua_pushinteger(L, num);
    return 2;
}
