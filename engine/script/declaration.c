// SPDX-License-Identifier: GPL-3.0-or-later
// What must stay true: whatever a declaration says is checked here and in
// params.c, once, so that the rest of the engine can believe it.
#include <math.h>
#include <string.h>

#include "script/api.h"
#include "script/body.h"
#include "script/field.h"
#include "script/function.h"
#include "script/params.h"
#include "script/sandbox.h"

static const char declared[] = "sfm.declared"; // the registry's: the one declaration

// clang-format off: its versions differ on it
#define COMMON_FIELDS                                                                     \
    { "api", NULL, NULL, "integer", "The version of the API that it is written for: 1" }, \
        { "name", NULL, NULL, "string",                                                   \
          "What it is asked for by: a-z, 0-9 and -, the first no -; at most 64" },        \
        { "title", NULL, NULL, "?string", "For people; the name unless given" },          \
        { "license", NULL, NULL, "?string", "An SPDX expression" },                       \
    {                                                                                     \
        "params", NULL, NULL, "?knob[]", "Its knobs, 64 at most"                          \
    }
// clang-format on

const SfmApiEntry sfm_api_schedule[] = {
    COMMON_FIELDS,
    { "sigmas", NULL, NULL, "?fun(model: model, n: integer, p: knobs): number[]|levels",
      "The noise levels of a run of n steps: 2 to 10001 numbers, strictly falling, the first at "
      "most sigma_max, the last 0 or at least sigma_min. Either this or betas" },
    { "betas", NULL, NULL, "?fun(n: integer, p: knobs, model: model): number[]",
      "A training schedule: numbers above 0 and at most 1, n being how many the model has. The "
      "host picks the levels, and adds the knobs spacing, steps_offset and zero_snr. Either this "
      "or sigmas" },
    { 0 },
};

const SfmApiEntry sfm_api_sampler[] = {
    COMMON_FIELDS,
    { "step", NULL, NULL,
      "?fun(ctx: context, x: tensor, x0: tensor, eps: tensor, a: number, b: number, p: knobs): "
      "tensor",
      "Takes x from level a to b. The host runs the loop and calls the model: x0 is its clean "
      "estimate after clipping, eps its noise estimate before. Either this or sample" },
    { "sample", NULL, NULL, "?fun(ctx: context, x: tensor, sigmas: number[], p: knobs): tensor",
      "Takes x from the first level to the last, and ends each step with ctx:step(). Either this "
      "or step" },
    { "guidance", NULL, NULL, "?fun(sigma: number, w: number, p: knobs): number",
      "The weight of guidance at a level, w being what was asked for and 1 none" },
    { "order", NULL, NULL, "?integer|fun(p: knobs): integer?",
      "Its order of convergence, or a function of the knobs that says; none if it is stochastic" },
    { "evals", NULL, NULL, "?integer|fun(p: knobs): integer?",
      "Calls of the model a step, or a function of the knobs that says; 1 unless given" },
    { "stochastic", NULL, NULL, "?boolean|fun(p: knobs): boolean",
      "Whether the result depends on noise that it draws, or a function of the knobs that says" },
    { "adaptive", NULL, NULL, "?boolean",
      "It steers by numbers that it reads from the image, and gets one image at a time" },
    { 0 },
};

// First of all: what another version has may be unknown to this one.
static void check_api(lua_State *L, int table)
{
    if (sfm_field_push(L, table, "api") != LUA_TNUMBER)
        sfm_field_bad_type(
            L, NULL, "api",
            "the number of the API it is written for, such as " G_STRINGIFY(SFM_API));
    const double api = lua_tonumber(L, -1);
    const char *number = sfm_state_push_number(L, api);
    if (api != floor(api))
        luaL_error(L, "'api' must be a whole number, not %s", number);
    if (api > SFM_API)
        luaL_error(L, "the script needs API %s; this Sfumato runs %d: update Sfumato", number,
                   SFM_API);
    if (api < SFM_API)
        luaL_error(L, "there is no API %s: the first is %d", number, SFM_API);
    lua_pop(L, 2);
}

#define NAME "of the letters a-z, digits and -, which is not the first, 64 at most"

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
    if (!info->name)
        luaL_error(L, "'name' is missing: it must be " NAME);
    if (!sfm_script_is_name(info->name))
        luaL_error(L, "'name' must be " NAME ", not '%s'", info->name);
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
    if (types[0] == LUA_TNIL && types[1] == LUA_TNIL)
        luaL_error(L, "either '%s' or '%s' must be declared", first, second);
    if (types[0] != LUA_TNIL && types[1] != LUA_TNIL)
        luaL_error(L, "'%s' and '%s' are both declared: one of them must go", first, second);
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
    check_api(L, table);
    sfm_field_check_keys(L, table, NULL, sfm_api_schedule, 0);
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
    check_api(L, table);
    sfm_field_check_keys(L, table, NULL, sfm_api_sampler, 0);
    take_texts(L, table, script->info);
    script->form = take_function(L, table, "step", "sample") == 0 ? SFM_FORM_STEP : SFM_FORM_SAMPLE;
    take_guidance(L, table);
    script->info->adaptive = sfm_field_boolean(L, table, "adaptive");
    sfm_params_take(L, table, script->info, false);
    sfm_params_reset(script);
    sfm_claims_take(L, table);
}

// Checks here, and not when the chunk returns, so that errors have the line.
static int declare(lua_State *L, SfmScriptKind kind)
{
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

static int declare_sampler(lua_State *L)
{
    return declare(L, SFM_SCRIPT_SAMPLER);
}

static int declare_schedule(lua_State *L)
{
    return declare(L, SFM_SCRIPT_SCHEDULE);
}

void sfm_declaration_take(lua_State *L)
{
    lua_getfield(L, LUA_REGISTRYINDEX, declared);
    if (lua_isnil(L, -1) || !lua_rawequal(L, -1, -2))
        luaL_error(L, "%s: must return diffusion.schedule { ... } or diffusion.sampler { ... }",
                   sfm_state_of(L)->name);
    lua_pop(L, 1);
}

static int has(lua_State *L)
{
    static const SfmApiEntry *const all[] = { sfm_api_diffusion, sfm_api_context,
                                              sfm_api_operations, sfm_api_tensor, sfm_api_model };
    const char *name = luaL_checkstring(L, 1);
    bool found = false;
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
        found |= sfm_api_find(all[i], name) != NULL;
    lua_pushboolean(L, found);
    return 1;
}

// The shell translates it, not the script.
static int mark(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TSTRING);
    lua_settop(L, 1);
    return 1;
}

const SfmApiEntry sfm_api_marks[] = {
    { "_", mark, "text: string", "string",
      "Marks a text that people read, so that it can be translated; gives it back as it is" },
    { 0 },
};

const SfmApiEntry sfm_api_diffusion[] = {
    { "sampler", declare_sampler, "declaration: sampler", "sampler",
      "Declares a sampler: how a run gets from one noise level to the next. Errors name the "
      "field" },
    { "schedule", declare_schedule, "declaration: schedule", "schedule",
      "Declares a schedule: through which noise levels a run goes" },
    { "has", has, "name: string", "boolean",
      "Whether this host has a function or field of that name in ctx, tensors, the model or here: "
      "for what has been added to the API" },
    { 0 },
};

void sfm_declaration_open(lua_State *L)
{
    sfm_api_register(L, sfm_api_marks, 0);
    lua_newtable(L);
    sfm_api_register(L, sfm_api_diffusion, 0);
    sfm_sandbox_close_table(L, "diffusion has no");
    lua_setfield(L, -2, "diffusion");
}
