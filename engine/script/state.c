// SPDX-License-Identifier: GPL-3.0-or-later
// What must stay true: a script gets no turn without a hook that counts. Only
// finalizers run without one, and there are none but ours. A function in C that
// loops spends work as it goes; no block of memory is so large that one
// instruction on it takes long.
#include "script/state.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "script/api.h"

#define HOOK_PERIOD 64 // instructions between two looks at the clock
#define MAX_LEVELS  8  // of a traceback
#define MAX_MESSAGE 2000

// Sanitized code is slower by an order of magnitude; ours, not Lua's.
#if defined(__SANITIZE_ADDRESS__)
#define SLACK 20.0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SLACK 20.0
#endif
#endif
#ifndef SLACK
#define SLACK 1.0
#endif

const SfmGrant sfm_grant_compile = { .work = 1000000, .seconds = 0.5 };
const SfmGrant sfm_grant_load = { .work = 1000000, .seconds = 0.02 * SLACK };
const SfmGrant sfm_grant_call = { .work = 5000000, .seconds = 2 };

// The thread's own clock: a busy machine does not condemn, nor does waiting.
static int64_t now_ns(void)
{
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void hook(lua_State *L, lua_Debug *where);

const char *sfm_state_push_number(lua_State *L, double number)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    return lua_pushstring(L, g_ascii_formatd(text, sizeof text, "%.14g", number));
}

void sfm_state_check_number(lua_State *L, int index, bool fits, const char *expected)
{
    const double number = luaL_checknumber(L, index);
    if (!fits)
        luaL_argerror(
            L, index,
            lua_pushfstring(L, "%s expected, got %s", expected, sfm_state_push_number(L, number)));
}

static void condemn(SfmState *state)
{
    state->condemned = true;
    lua_sethook(state->lua, hook, LUA_MASKCOUNT, 1);
}

// The line that is running, however far C has gone from there; 0: none.
static int running_line(lua_State *L)
{
    lua_Debug ar;
    for (int level = 0; lua_getstack(L, level, &ar); level++) {
        lua_getinfo(L, "l", &ar);
        if (ar.currentline > 0)
            return ar.currentline;
    }
    return 0;
}

// The first reason is the one that counts.
static void set_reason(SfmState *state, int line, const char *why)
{
    if (state->reason)
        return;
    state->reason = line > 0 ? g_strdup_printf("%s:%d: %s", state->name, line, why)
                             : g_strdup_printf("%s: %s", state->name, why);
}

int sfm_state_condemn(lua_State *L, const char *why)
{
    SfmState *state = sfm_state_of(L);
    condemn(state);
    set_reason(state, running_line(L), why);
    lua_pushstring(L, state->reason);
    return lua_error(L);
}

static int raise_overdraft(lua_State *L)
{
    const SfmState *state = sfm_state_of(L);
    if (state->work < 0)
        return sfm_state_condemn(
            L, "the script takes too many instructions: is there an endless loop?");
    const char *seconds = sfm_state_push_number(L, state->seconds);
    return sfm_state_condemn(
        L, lua_pushfstring(L, "the script takes longer than %s seconds", seconds));
}

// Whether the grant of time is overdrawn. The thread's clock is a system call:
// it is read once a tick, 1 to 4 ms, of a clock that is none.
static bool is_late(SfmState *state)
{
    struct timespec tick;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &tick);
    if (tick.tv_nsec == state->tick_ns)
        return false;
    state->tick_ns = tick.tv_nsec;
    return now_ns() > state->end_ns;
}

static void hook(lua_State *L, lua_Debug *where)
{
    SfmState *state = sfm_state_of(L);
    lua_getinfo(L, "l", where);
    state->seen_line = where->currentline;
    state->work -= HOOK_PERIOD;
    if (state->condemned || state->work < 0 || is_late(state))
        raise_overdraft(L);
}

void sfm_state_spend(lua_State *L, size_t work)
{
    SfmState *state = sfm_state_of(L);
    state->work -= (int64_t)MIN(work, (size_t)INT32_MAX);
    if (state->work < 0 || is_late(state))
        raise_overdraft(L);
}

void sfm_state_check_time(lua_State *L)
{
    if (is_late(sfm_state_of(L)))
        raise_overdraft(L);
}

void sfm_state_grant(SfmState *state, SfmGrant grant)
{
    state->work = grant.work;
    state->seconds = grant.seconds;
    state->end_ns = now_ns() + (int64_t)(grant.seconds * 1e9);
}

void sfm_state_enter_host(SfmState *state)
{
    state->host_start_ns = now_ns();
    uselocale(state->outer);
}

void sfm_state_leave_host(SfmState *state)
{
    uselocale(state->c);
    state->end_ns += now_ns() - state->host_start_ns;
}

int sfm_state_raise(lua_State *L, GError *error)
{
    SfmState *state = sfm_state_of(L);
    if (g_error_matches(error, SFM_ERROR, SFM_ERROR_BAD_SCRIPT)) { // it wants a line
        set_reason(state, running_line(L), error->message);
        g_error_free(error);
        return sfm_state_condemn(L, ""); // for that
    }
    g_clear_error(&state->host_error);
    state->host_error = error;
    condemn(state);
    return luaL_error(L, "the run has ended");
}

static void set_memory_reason(SfmState *state)
{
    g_autofree char *why = g_strdup_printf(
        "the script takes more than %zu MiB of memory, a text of more than %zu MiB, or a table or "
        "a depth of calls of more than %zu MiB",
        SFM_STATE_MEMORY >> 20, SFM_STATE_MAX_TEXT >> 20, SFM_STATE_MAX_BLOCK >> 20);
    set_reason(state, state->refused_line, why);
}

void sfm_state_rethrow(lua_State *L, int status)
{
    SfmState *state = sfm_state_of(L);
    if (status == LUA_ERRMEM || status == LUA_ERRERR)
        condemn(state);
    if (status == LUA_ERRMEM) {
        set_memory_reason(state);
        lua_pushstring(L, state->reason);
    }
    if (status != LUA_OK && state->condemned)
        lua_error(L);
}

// Each refusal has cost Lua a full collection, which no hook counts. What grows
// may be the stack, which from Lua 5.4.5 on cannot be looked at meanwhile.
static void *refuse(SfmState *state, bool grows)
{
    if (!state->lua)
        return NULL;
    state->refused_line = grows ? state->seen_line : running_line(state->lua);
    if (now_ns() > state->end_ns)
        condemn(state);
    return NULL;
}

static void *allocate(void *user_data, void *block, size_t old_size, size_t new_size)
{
    SfmState *state = user_data;
    size_t most = SFM_STATE_MAX_BLOCK;
    if (!block) { // then the old size says what kind of object will be there
        most = old_size == LUA_TSTRING ? SFM_STATE_MAX_TEXT : most;
        old_size = 0;
    }
    if (new_size == 0) {
        state->memory -= old_size;
        free(block);
        return NULL;
    }
    if (new_size > old_size &&
        (new_size > most || new_size - old_size > SFM_STATE_MEMORY - state->memory))
        return refuse(state, block != NULL);
    void *grown = realloc(block, new_size);
    if (grown)
        state->memory = state->memory - old_size + new_size;
    return grown;
}

bool sfm_state_init(SfmState *state, const char *name, GError **error)
{
    *state = (SfmState){ .name = g_strdup(name) };
    state->c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (state->c != (locale_t)0)
        state->lua = lua_newstate(allocate, state);
    if (!state->lua)
        return sfm_fail(error, SFM_ERROR_NO_MEMORY, "%s: no memory for a Lua state", name);
    *(SfmState **)lua_getextraspace(state->lua) = state;
    return true;
}

void sfm_state_clear(SfmState *state)
{
    if (state->lua)
        lua_close(state->lua);
    if (state->c != (locale_t)0)
        freelocale(state->c);
    g_clear_error(&state->host_error);
    g_clear_pointer(&state->reason, g_free);
    g_clear_pointer(&state->name, g_free);
    *state = (SfmState){ 0 };
}

// Pushes "; called from ddim.lua:12, ddim.lua:30": the lines that lead to the
// error, without the one that the message starts with.
static void push_callers(lua_State *L, const char *message)
{
    luaL_Buffer buffer;
    luaL_buffinit(L, &buffer);
    const char *before = "; called from ";
    lua_Debug ar;
    int num_lines = 0;
    for (int level = 1; num_lines < MAX_LEVELS && lua_getstack(L, level, &ar); level++) {
        lua_getinfo(L, "Sl", &ar);
        if (ar.currentline < 0)
            continue;
        const char *line = lua_pushfstring(L, "%s:%d", ar.short_src, ar.currentline);
        const bool told = num_lines++ == 0 && g_str_has_prefix(message, line);
        lua_pushfstring(L, "%s%s", told ? "" : before, told ? "" : line);
        lua_remove(L, -2);
        luaL_addvalue(&buffer);
        before = told ? before : ", ";
    }
    luaL_pushresult(&buffer);
}

void sfm_state_push_where(lua_State *L)
{
    const SfmState *state = sfm_state_of(L);
    if (state->line > 0)
        lua_pushfstring(L, "%s:%d: ", state->name, state->line);
    else
        lua_pushfstring(L, "%s: ", state->name);
}

// Whether the host has found fault with an answer, and no script is running.
static bool is_about_answer(lua_State *L, const char *message)
{
    const SfmState *state = sfm_state_of(L);
    lua_Debug ar;
    const bool is_hosts_own = !lua_getstack(L, 2, &ar); // 0 is explain(), 1 who raised it
    return is_hosts_own && state->line > 0 && !g_str_has_prefix(message, state->name);
}

// Pushes what else there is for tensors where Lua's own function takes numbers.
static void push_hint(lua_State *L, const char *message)
{
    const char *at = strstr(message, "' (number expected, got tensor)"), *name = at;
    while (at && name > message && name[-1] != '\'')
        name--;
    g_autofree char *called = at ? g_strndup(name, (gsize)(at - name)) : NULL;
    const SfmApiEntry *meant = called ? sfm_api_find(sfm_api_operations, called) : NULL;
    if (meant)
        lua_pushfstring(L, ", did you mean x:%s()?", meant->name);
    else
        lua_pushliteral(L, "");
}

// Never calls __tostring, which may be anything.
static int explain(lua_State *L)
{
    if (!lua_isstring(L, 1)) {
        lua_pushfstring(L, "%s: the error is a %s, not a text", sfm_state_of(L)->name,
                        luaL_typename(L, 1));
        lua_replace(L, 1);
    }
    lua_settop(L, 1);
    if (is_about_answer(L, lua_tostring(L, 1))) {
        sfm_state_push_where(L);
        lua_insert(L, 1);
        lua_concat(L, 2);
    }
    push_hint(L, lua_tostring(L, 1));
    if (sfm_state_of(L)->is_located)
        lua_pushliteral(L, "");
    else
        push_callers(L, lua_tostring(L, 1));
    lua_concat(L, 3);
    return 1;
}

char *sfm_state_plain_line(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    GString *line = g_string_new(NULL);

    for (const char *c = valid; *c; c = g_utf8_next_char(c)) {
        const gunichar character = g_utf8_get_char(c);
        g_string_append_unichar(line, g_unichar_iscntrl(character) ? ' ' : character);
    }
    return g_string_free(line, FALSE);
}

// A line of at most MAX_MESSAGE bytes that starts with the script's name.
static char *readable(const SfmState *state, const char *message)
{
    const char *name = g_str_has_prefix(message, state->name) ? "" : state->name;
    g_autofree char *whole =
        g_strdup_printf("%s%s%.*s", name, *name ? ": " : "", MAX_MESSAGE, message);
    return sfm_state_plain_line(whole);
}

static bool fail(SfmState *state, int status, GError **error)
{
    if (state->host_error) {
        g_propagate_error(error, g_steal_pointer(&state->host_error));
        return false;
    }
    const bool is_text = lua_type(state->lua, -1) == LUA_TSTRING; // else conversion could raise
    const char *message = is_text ? lua_tostring(state->lua, -1) : "an error in the error";
    if (status == LUA_ERRMEM)
        set_memory_reason(state);
    g_autofree char *line = readable(state, status == LUA_ERRMEM ? state->reason : message);
    return sfm_fail(error, SFM_ERROR_BAD_SCRIPT, "%s", line);
}

bool sfm_state_run(SfmState *state, lua_CFunction function, void *argument, SfmGrant grant,
                   GError **error)
{
    lua_State *L = state->lua;
    state->outer = uselocale(state->c);
    state->condemned = false;
    g_clear_pointer(&state->reason, g_free);
    state->refused_line = state->seen_line = 0;
    state->line = 0;
    state->is_located = false;
    lua_sethook(L, hook, LUA_MASKCOUNT, HOOK_PERIOD);
    sfm_state_grant(state, grant);

    lua_settop(L, 0);
    lua_pushcfunction(L, explain);
    lua_pushcfunction(L, function);
    lua_pushlightuserdata(L, argument);
    const int status = lua_pcall(L, 1, 0, 1);
    const bool ok = (status == LUA_OK && !state->host_error) || fail(state, status, error);

    lua_settop(L, 0);
    uselocale(state->outer);
    return ok;
}
