// SPDX-License-Identifier: GPL-3.0-or-later
// What a sampler claims of itself: values, or functions of its knobs.
#include "script/body.h"
#include "script/field.h"
#include "script/function.h"

static const char kept[] = "sfm.claims"; // the registry's: a table of what was declared

static const char *const keys[] = { "order", "evals", "stochastic" };

// answers[key] = what is claimed with the knobs as they are. A function may say
// "p.eta == 0 and 1": false is nothing, like nil.
static void ask(lua_State *L, int claims, int answers, const char *key)
{
    if (sfm_field_push(L, claims, key) == LUA_TFUNCTION) {
        sfm_function_blame(L);
        sfm_params_push(L, sfm_script_of(L));
        lua_call(L, 1, 1);
        if (!lua_toboolean(L, -1)) {
            lua_pop(L, 1);
            lua_pushnil(L);
        }
    }
    lua_setfield(L, answers, key);
}

// Each is checked before the next is asked, so that an error has the right line.
static void read_claims(lua_State *L, SfmScriptClaims *claims)
{
    lua_getfield(L, LUA_REGISTRYINDEX, kept);
    lua_newtable(L);
    const int answers = lua_gettop(L), asked = answers - 1;
    ask(L, asked, answers, "order");
    claims->order = sfm_field_count(L, answers, "order", 0, 0);
    ask(L, asked, answers, "evals");
    claims->evals = sfm_field_count(L, answers, "evals", 1, 1);
    ask(L, asked, answers, "stochastic");
    claims->stochastic = sfm_field_boolean(L, answers, "stochastic");
    if (claims->stochastic && claims->order > 0)
        luaL_error(L, "a stochastic sampler has no 'order'");
    sfm_state_of(L)->line = 0;
    lua_pop(L, 2);
}

void sfm_claims_take(lua_State *L, int table)
{
    SfmScriptInfo *info = sfm_script_of(L)->info;
    SfmScriptClaims claims = { 0 };
    lua_createtable(L, 0, G_N_ELEMENTS(keys));
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        sfm_field_push(L, table, keys[i]);
        lua_setfield(L, -2, keys[i]);
    }
    lua_setfield(L, LUA_REGISTRYINDEX, kept);
    read_claims(L, &claims);
    info->order = claims.order;
    info->evals = claims.evals;
    info->stochastic = claims.stochastic;
}

static int run(lua_State *L)
{
    read_claims(L, lua_touserdata(L, 1));
    return 0;
}

bool sfm_script_claims(SfmScript *sampler, SfmScriptClaims *claims, GError **error)
{
    g_return_val_if_fail(sampler->info->kind == SFM_SCRIPT_SAMPLER, false);
    SfmScriptClaims found = { 0 };
    if (!sfm_state_run(&sampler->state, run, &found, sfm_grant_call, error))
        return false;
    *claims = found;
    return true;
}
