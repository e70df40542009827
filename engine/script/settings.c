// SPDX-License-Identifier: GPL-3.0-or-later
// What the knobs of a script are set to.
#include <math.h>
#include <string.h>

#include "base/suggest.h"
#include "script/body.h"
#include "script/params.h"
#include "script/sandbox.h"

#define MAX_TEXT 4096 // bytes

void sfm_params_reset(SfmScript *script)
{
    const SfmScriptInfo *info = script->info;
    script->values = g_new0(SfmParamValue, info->num_params);
    for (size_t i = 0; i < info->num_params; i++) {
        script->values[i].number = info->params[i].default_number;
        script->values[i].text = g_strdup(info->params[i].default_text);
    }
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

// "a number from 0 to 1"
static char *wanted_number(const SfmParam *param)
{
    const char *noun = param->type == SFM_PARAM_INTEGER ? "an integer" : "a number";
    if (isinf(param->min) && isinf(param->max))
        return g_strdup(noun);
    if (isinf(param->max))
        return g_strdup_printf("%s not below %g", noun, param->min);
    if (isinf(param->min))
        return g_strdup_printf("%s not above %g", noun, param->max);
    return g_strdup_printf("%s from %g to %g", noun, param->min, param->max);
}

static bool set_number(const SfmParam *param, SfmParamValue *value, const char *text,
                       GError **error)
{
    char *end = NULL;
    const double number = g_ascii_strtod(text, &end);
    const bool is_decimal = *text && text[strspn(text, "0123456789.eE+-")] == '\0';
    const bool fits = is_decimal && *end == '\0' && isfinite(number) && number >= param->min &&
                      number <= param->max;
    if (fits && (param->type == SFM_PARAM_NUMBER || sfm_param_is_integer(number))) {
        value->number = number;
        return true;
    }
    g_autofree char *wanted = wanted_number(param);
    return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT, "%s must be %s, not '%s'", param->name, wanted,
                    text);
}

static bool set_boolean(const SfmParam *param, SfmParamValue *value, const char *text,
                        GError **error)
{
    if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
        return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT, "%s must be true or false, not '%s'",
                        param->name, text);
    value->number = strcmp(text, "true") == 0;
    return true;
}

static bool set_choice(const SfmParam *param, SfmParamValue *value, const char *text,
                       GError **error)
{
    const char *const *choices = (const char *const *)param->choices;
    if (!g_strv_contains(choices, text)) {
        g_autofree char *list = g_strjoinv(", ", param->choices);
        return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT, "%s must be one of %s, not '%s'",
                        param->name, list, text);
    }
    g_free(value->text);
    value->text = g_strdup(text);
    return true;
}

static bool set_text(const SfmParam *param, SfmParamValue *value, const char *text, GError **error)
{
    if (strlen(text) > MAX_TEXT || !g_utf8_validate(text, -1, NULL))
        return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT, "%s must be UTF-8 of at most %d bytes",
                        param->name, MAX_TEXT);
    g_free(value->text);
    value->text = g_strdup(text);
    return true;
}

bool sfm_script_set(SfmScript *script, const char *name, const char *value, GError **error)
{
    static bool (*const set[])(const SfmParam *, SfmParamValue *, const char *, GError **) = {
        [SFM_PARAM_NUMBER] = set_number,   [SFM_PARAM_INTEGER] = set_number,
        [SFM_PARAM_BOOLEAN] = set_boolean, [SFM_PARAM_CHOICE] = set_choice,
        [SFM_PARAM_TEXT] = set_text,
    };
    for (size_t i = 0; i < script->info->num_params; i++) {
        const SfmParam *param = &script->info->params[i];
        if (strcmp(param->name, name) == 0)
            return set[param->type](param, &script->values[i], value, error);
    }
    return no_such_knob(script, name, error);
}

// The fewest digits that read back as the same number; 1000 rather than 1e+03.
static char *number_text(double number)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    if (sfm_param_is_integer(number))
        return g_strdup_printf("%.0f", number);
    for (int digits = 1; digits <= 17; digits++) {
        const char format[] = { '%', '.', (char)('0' + digits / 10), (char)('0' + digits % 10),
                                'g', '\0' };
        g_ascii_formatd(text, sizeof text, format, number);
        if (g_ascii_strtod(text, NULL) == number)
            break;
    }
    return g_strdup(text);
}

static char *setting(const SfmParam *param, const SfmParamValue *value)
{
    if (value->text)
        return g_strdup_printf("%s=%s", param->name, value->text);
    if (param->type == SFM_PARAM_BOOLEAN)
        return g_strdup_printf("%s=%s", param->name, value->number != 0 ? "true" : "false");
    g_autofree char *number = number_text(value->number);
    return g_strdup_printf("%s=%s", param->name, number);
}

char **sfm_script_settings(const SfmScript *script)
{
    char **settings = g_new0(char *, script->info->num_params + 1);
    for (size_t i = 0; i < script->info->num_params; i++)
        settings[i] = setting(&script->info->params[i], &script->values[i]);
    return settings;
}
