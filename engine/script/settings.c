// SPDX-License-Identifier: GPL-3.0-or-later
// What the knobs of a script are set to.
#include <string.h>

#include "base/suggest.h"
#include "script/body.h"
#include "script/params.h"
#include "script/sandbox.h"

void sfm_params_reset(SfmScript *script)
{
    const SfmScriptInfo *info = script->info;
    script->values = g_new0(SfmParamValue, info->num_params);
    for (size_t i = 0; i < info->num_params; i++)
        sfm_param_value_init(&script->values[i], &info->params[i]);
}

const SfmParamValue *sfm_param_value(const SfmScript *script, const char *name)
{
    size_t i = 0;
    while (strcmp(script->info->params[i].name, name) != 0)
        i++;
    return &script->values[i];
}

void sfm_params_push(lua_State *L, const SfmScript *script)
{
    lua_newtable(L);
    for (size_t i = 0; i < script->info->num_params; i++) {
        const SfmParam *param = &script->info->params[i];
        const SfmParamValue *value = &script->values[i];
        if (value->text)
            lua_pushstring(L, value->text);
        else if (param->type == SFM_PARAM_BOOLEAN)
            lua_pushboolean(L, value->number != 0);
        else if (param->type == SFM_PARAM_INTEGER)
            lua_pushinteger(L, (lua_Integer)value->number);
        else
            lua_pushnumber(L, value->number);
        lua_setfield(L, -2, param->name);
    }
    sfm_sandbox_close_table(L, "there is no knob");
}

static bool no_such_knob(const SfmScript *script, const char *name, GError **error)
{
    const SfmScriptInfo *info = script->info;
    g_autofree const char **known = g_new0(const char *, info->num_params);
    for (size_t i = 0; i < info->num_params; i++)
        known[i] = info->params[i].name;
    const char *nearest = sfm_suggest(name, known, info->num_params);
    g_autofree char *hint = nearest ? g_strdup_printf(", did you mean '%s'?", nearest) : NULL;
    return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT, "%s has no knob '%s'%s", info->name, name,
                    hint ? hint : "");
}

bool sfm_script_set(SfmScript *script, const char *name, const char *value, GError **error)
{
    for (size_t i = 0; i < script->info->num_params; i++) {
        const SfmParam *param = &script->info->params[i];
        if (strcmp(param->name, name) == 0)
            return sfm_param_value_set(&script->values[i], param, value, error);
    }
    return no_such_knob(script, name, error);
}

char **sfm_script_settings(const SfmScript *script)
{
    char **settings = g_new0(char *, script->info->num_params + 1);
    for (size_t i = 0; i < script->info->num_params; i++)
        settings[i] = sfm_param_value_setting(&script->values[i], &script->info->params[i]);
    return settings;
}
