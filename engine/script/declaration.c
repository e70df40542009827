// SPDX-License-Identifier: GPL-3.0-or-later
// What must stay true: whatever a declaration says is checked here and in
// params.c, once, so that the rest of the engine can believe it.
#include <string.h>

#include "script/body.h"
#include "script/field.h"
#include "script/function.h"
#include "script/params.h"
#include "script/sandbox.h"

#define API 1 // and there is none before it

static const char declared[] = "sfm.declared"; // the registry's: the one declaration

static const char *const schedule_keys[] = { "api",    "name",  "title",  "license",
                                             "params", "betas", "sigmas", NULL };
static const char *const sampler_keys[] = { "api",    "name",       "title",    "license", "order",
                                            "evals",  "stochastic", "adaptive", "params",  "step",
                                            "sample", "guidance",   NULL };

static void check_api(lua_State *L, int table)
{
    if (sfm_field_push(L, table, "api") != LUA_TNUMBER)
        sfm_field_bad_type(L, NULL, "api", "the number of the API it is written for");
    if (lua_tonumber(L, -1) != API)
        luaL_error(L, "'api' is %s; this host runs %d",
                   sfm_state_push_number(L, lua_tonumber(L, -1)), API);
    lua_pop(L, 1);
}

// [a-z0-9] and then [a-z0-9-]
bool sfm_script_is_name(const char *name)
{
    bool fine = (g_ascii_islower(name[0]) || g_ascii_isdigit(name[0])) && strlen(name) <= 64;
    for (const char *c = name; *c; c++)
        fine &= g_ascii_islower(*c) || g_ascii_isdigit(*c) || *c == '-';
    return fine;
}

static void take_texts(lua_State *L, int table, SfmScriptInfo *info)
{
    info->name = sfm_field_text(L, table, NULL, "name");
    if (!info->name || !sfm_script_is_name(info->name))
        luaL_error(L, "'name' must be of the letters a-z, digits and -, not '%s'",
                   info->name ? info->name : "");
    info->title = sfm_field_text(L, table, NULL, "title");
    if (!info->title)
        info->title = g_strdup(info->name);
    info->license = sfm_field_text(L, table, NULL, "license");
}

// Where the function at the top begins.
static int line_of(lua_State *L)
{
    lua_Debug ar;
    lua_pushvalue(L, -1);
    lua_getinfo(L, ">S", &ar);
    return ar.linedefined;
}

// Stores the one of two functions that is there. Returns which: 0 or 1.
static int take_function(lua_State *L, int table, const char *first, const char *second)
{
    const int types[2] = { sfm_field_push(L, table, first), sfm_field_push(L, table, second) };
    if ((types[0] == LUA_TNIL) == (types[1] == LUA_TNIL))
        luaL_error(L, "either '%s' or '%s' must be declared", first, second);
    const int which = types[0] == LUA_TNIL;
    lua_pushvalue(L, which == 0 ? -2 : -1);
    if (types[which] != LUA_TFUNCTION)
        sfm_field_bad_type(L, NULL, which == 0 ? first : second, "a function");
    sfm_script_of(L)->line = line_of(L);
    sfm_function_keep(L, which == 0 ? first : second);
    lua_pop(L, 2);
    return which;
}

static void take_guidance(lua_State *L, int table)
{
    const int type = sfm_field_push(L, table, "guidance");
    if (type != LUA_TNIL && type != LUA_TFUNCTION)
        sfm_field_bad_type(L, NULL, "guidance", "a function");
    sfm_function_keep(L, "guidance");
}

static void take_schedule(lua_State *L, int table)
{
    SfmScript *script = sfm_script_of(L);
    sfm_field_check_keys(L, table, NULL, schedule_keys, 0);
    check_api(L, table);
    take_texts(L, table, script->info);
    script->info->evals = 1;
    script->form =
        take_function(L, table, "sigmas", "betas") == 0 ? SFM_FORM_SIGMAS : SFM_FORM_BETAS;
    sfm_params_take(L, table, script->info, script->form == SFM_FORM_BETAS);
    sfm_params_reset(script);
}

static void take_sampler(lua_State *L, int table)
{
    SfmScript *script = sfm_script_of(L);
    sfm_field_check_keys(L, table, NULL, sampler_keys, 0);
    check_api(L, table);
    take_texts(L, table, script->info);
    script->form = take_function(L, table, "step", "sample") == 0 ? SFM_FORM_STEP : SFM_FORM_SAMPLE;
    take_guidance(L, table);
    script->info->adaptive = sfm_field_boolean(L, table, "adaptive");
    sfm_params_take(L, table, script->info, false);
    sfm_params_reset(script);
    sfm_claims_take(L, table);
}

// Checks here, and not when the chunk returns, so that errors have the line.
static int declare(lua_State *L)
{
    const SfmScriptKind kind = (SfmScriptKind)lua_tointeger(L, lua_upvalueindex(1));
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    SfmScript *script = sfm_script_of(L);
    if (script->info->name)
        return luaL_error(L, "a script makes one declaration");
    script->info->kind = kind;
    if (kind == SFM_SCRIPT_SCHEDULE)
        take_schedule(L, 1);
    else
        take_sampler(L, 1);
    lua_pushvalue(L, 1);
    lua_setfield(L, LUA_REGISTRYINDEX, declared);
    return 1;
}

void sfm_declaration_take(lua_State *L)
{
    lua_getfield(L, LUA_REGISTRYINDEX, declared);
    if (lua_isnil(L, -1) || !lua_rawequal(L, -1, -2))
        luaL_error(L, "%s: must return diffusion.schedule { ... } or diffusion.sampler { ... }",
                   sfm_state_of(L)->name);
    lua_pop(L, 1);
}

// Names what the additions to API 1 are called; has() knows them.
static int has(lua_State *L)
{
    const char *name = luaL_checkstring(L, 1);
    lua_pushboolean(L, sfm_context_has(name) || sfm_tensors_have(name));
    return 1;
}

// Marks a text for translation: the shell translates it, not the script.
static int mark(lua_State *L)
{
    luaL_checkstring(L, 1);
    lua_settop(L, 1);
    return 1;
}

void sfm_declaration_open(lua_State *L)
{
    lua_pushcfunction(L, mark);
    lua_setfield(L, -2, "_");
    lua_newtable(L);
    lua_pushinteger(L, SFM_SCRIPT_SCHEDULE);
    lua_pushcclosure(L, declare, 1);
    lua_setfield(L, -2, "schedule");
    lua_pushinteger(L, SFM_SCRIPT_SAMPLER);
    lua_pushcclosure(L, declare, 1);
    lua_setfield(L, -2, "sampler");
    lua_pushcfunction(L, has);
    lua_setfield(L, -2, "has");
    sfm_sandbox_close_table(L, "diffusion has no");
    lua_setfield(L, -2, "diffusion");
}
