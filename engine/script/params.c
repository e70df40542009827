// SPDX-License-Identifier: GPL-3.0-or-later
// The knobs that a script declares: { "eta", type = "number", default = 0, ... }.
#include <math.h>
#include <string.h>

#include "script/body.h"
#include "script/field.h"
#include "script/params.h"
#include "script/source.h"

#define MAX_PARAMS 64

const SfmApiEntry sfm_api_knob[] = {
    { "type", NULL, NULL, "\"number\"|\"integer\"|\"boolean\"|\"choice\"|\"text\"",
      "What it is in p: choices and texts are strings" },
    { "default", NULL, NULL, "number|boolean|string", "Its value unless set" },
    { "min", NULL, NULL, "?number", "Of numbers and integers: no less than this" },
    { "max", NULL, NULL, "?number", "Of numbers and integers: no more than this" },
    { "step", NULL, NULL, "?number", "Of numbers and integers: by how much a widget changes it" },
    { "choices", NULL, NULL, "?string[]", "Of choices: 1 to 100" },
    { "label", NULL, NULL, "?string", "Its name for people; the name unless given" },
    { "help", NULL, NULL, "?string", "A sentence on what it does" },
    { 0 },
};

static const char *const type_names[] = {
    [SFM_PARAM_NUMBER] = "number", [SFM_PARAM_INTEGER] = "integer", [SFM_PARAM_BOOLEAN] = "boolean",
    [SFM_PARAM_CHOICE] = "choice", [SFM_PARAM_TEXT] = "text",       NULL,
};

#define TYPES "number, integer, boolean, choice or text"

static SfmParamType get_type(lua_State *L, int table, const char *place)
{
    if (sfm_field_push(L, table, "type") != LUA_TSTRING)
        sfm_field_bad_type(L, place, "type", TYPES);
    const char *name = lua_tostring(L, -1);
    int type = 0;
    while (type_names[type] && strcmp(name, type_names[type]) != 0)
        type++;
    if (!type_names[type])
        luaL_error(L, "%s: 'type' must be " TYPES ", not '%s'", place, name);
    lua_pop(L, 1);
    return (SfmParamType)type;
}

bool sfm_param_is_integer(double number)
{
    return number == floor(number) && fabs(number) <= 9007199254740992.0; // 2^53
}

// Open ends are infinite, and no integers.
static bool is_integer_or_open(double number)
{
    return isinf(number) || sfm_param_is_integer(number);
}

static void take_number(lua_State *L, int table, const char *place, SfmParam *param)
{
    if (sfm_field_push(L, table, "default") != LUA_TNUMBER)
        sfm_field_bad_type(L, place, "default", "a number");
    lua_pop(L, 1);
    param->default_number = sfm_field_number(L, table, place, "default", 0);
    param->min = sfm_field_number(L, table, place, "min", -INFINITY);
    param->max = sfm_field_number(L, table, place, "max", INFINITY);
    param->step = sfm_field_number(L, table, place, "step", 0);
    if (param->min > param->max)
        luaL_error(L, "%s: 'min' is %s, which is above 'max', %s", place,
                   sfm_state_push_number(L, param->min), sfm_state_push_number(L, param->max));
    if (param->step < 0)
        luaL_error(L, "%s: 'step' must not be negative, as %s is", place,
                   sfm_state_push_number(L, param->step));
    if (!(param->min <= param->default_number && param->default_number <= param->max))
        luaL_error(L, "%s: 'default' is %s, not from %s to %s", place,
                   sfm_state_push_number(L, param->default_number),
                   sfm_state_push_number(L, param->min), sfm_state_push_number(L, param->max));
    if (param->type == SFM_PARAM_INTEGER &&
        !(sfm_param_is_integer(param->default_number) && is_integer_or_open(param->min) &&
          is_integer_or_open(param->max) && sfm_param_is_integer(param->step)))
        luaL_error(L, "%s: 'default', 'min', 'max' and 'step' of an integer must be integers",
                   place);
}

static void take_boolean(lua_State *L, int table, const char *place, SfmParam *param)
{
    if (sfm_field_push(L, table, "default") != LUA_TBOOLEAN)
        sfm_field_bad_type(L, place, "default", "true or false");
    param->default_number = lua_toboolean(L, -1);
    param->max = 1;
    lua_pop(L, 1);
}

static void take_text(lua_State *L, int table, const char *place, SfmParam *param)
{
    sfm_field_push(L, table, "default");
    param->default_text = sfm_field_copy_text(L, place, "default");
    lua_pop(L, 1);
}

static void take_choices(lua_State *L, int list, const char *place, SfmParam *param)
{
    const lua_Integer num = (lua_Integer)lua_rawlen(L, list);
    if (num < 1 || num > 100)
        luaL_error(L, "%s: 'choices' must be a list of 1 to 100 texts", place);
    sfm_field_check_keys(L, list, lua_pushfstring(L, "%s: choices", place), NULL, num);
    param->choices = g_new0(char *, (size_t)num + 1);
    for (lua_Integer i = 0; i < num; i++) {
        const char *item = lua_pushfstring(L, "choices[%d]", (int)i + 1);
        lua_rawgeti(L, list, i + 1);
        char *choice = sfm_field_copy_text(L, place, item);
        const bool doubled = g_strv_contains((const char *const *)param->choices, choice);
        param->choices[i] = choice;
        if (doubled)
            luaL_error(L, "%s: '%s' is '%s', which is there already", place, item, choice);
        if (*choice == '\0')
            luaL_error(L, "%s: '%s' is empty", place, item);
        lua_pop(L, 2);
    }
    lua_pop(L, 1);
}

static void take_choice(lua_State *L, int table, const char *place, SfmParam *param)
{
    take_text(L, table, place, param);
    if (sfm_field_push(L, table, "choices") != LUA_TTABLE)
        sfm_field_bad_type(L, place, "choices", "a list of texts");
    take_choices(L, lua_gettop(L), place, param);
    lua_pop(L, 1);
    if (!g_strv_contains((const char *const *)param->choices, param->default_text))
        luaL_error(L, "%s: 'default' is '%s', which is none of its choices", place,
                   param->default_text);
}

// What is said of a knob to which it does not apply is a mistake.
static void check_applies(lua_State *L, int table, const char *place, const char *key, bool applies)
{
    if (sfm_field_push(L, table, key) != LUA_TNIL && !applies)
        luaL_error(L, "%s: '%s' does not apply to this type", place, key);
    lua_pop(L, 1);
}

static void take_value(lua_State *L, int table, const char *place, SfmParam *param)
{
    const bool has_range = param->type == SFM_PARAM_NUMBER || param->type == SFM_PARAM_INTEGER;
    check_applies(L, table, place, "min", has_range);
    check_applies(L, table, place, "max", has_range);
    check_applies(L, table, place, "step", has_range);
    check_applies(L, table, place, "choices", param->type == SFM_PARAM_CHOICE);
    if (has_range)
        take_number(L, table, place, param);
    else if (param->type == SFM_PARAM_BOOLEAN)
        take_boolean(L, table, place, param);
    else if (param->type == SFM_PARAM_CHOICE)
        take_choice(L, table, place, param);
    else
        take_text(L, table, place, param);
}

// [a-z][a-z0-9_]*
static bool is_name(const char *name)
{
    bool fine = g_ascii_islower(name[0]) && strlen(name) <= 64;
    for (const char *c = name; *c; c++)
        fine &= g_ascii_islower(*c) || g_ascii_isdigit(*c) || *c == '_';
    return fine;
}

static bool is_taken(const SfmScriptInfo *info, const char *name)
{
    for (size_t i = 0; i + 1 < info->num_params; i++) {
        if (strcmp(info->params[i].name, name) == 0)
            return true;
    }
    return false;
}

static void take_name(lua_State *L, int table, int item, const SfmScriptInfo *info, SfmParam *param)
{
    const char *place = lua_pushfstring(L, "params[%d]", item);
    if (lua_rawgeti(L, table, 1) != LUA_TSTRING)
        sfm_field_bad_type(L, place, "[1]", "the knob's name");
    param->name = sfm_field_copy_text(L, place, "[1]");
    if (!is_name(param->name))
        luaL_error(L,
                   "%s: the name '%s' is not of the letters a-z, digits and _, a letter first, "
                   "64 at most",
                   place, param->name);
    if (is_taken(info, param->name))
        luaL_error(L, "%s: there is a knob '%s' already", place, param->name);
    lua_pop(L, 2);
}

static void take_rest(lua_State *L, int table, const char *place, SfmParam *param)
{
    sfm_field_check_keys(L, table, place, sfm_api_knob, 1);
    param->type = get_type(L, table, place);
    param->label = sfm_field_text(L, table, place, "label");
    param->help = sfm_field_text(L, table, place, "help");
    take_value(L, table, place, param);
}

// Arguments: the knob's table, its line and its SfmParam. To errors in what C calls Lua adds no
// line: they have this one.
static int take_located(lua_State *L)
{
    SfmParam *param = lua_touserdata(L, 3);
    const char *place = lua_pushfstring(L, "%s:%d: knob '%s'", sfm_state_of(L)->name,
                                        (int)lua_tointeger(L, 2), param->name);
    take_rest(L, 1, place, param);
    return 0;
}

// Where its line cannot be told, errors have the declaration's.
static void take_param(lua_State *L, int table, int item, SfmScriptInfo *info)
{
    SfmScript *script = sfm_script_of(L);
    SfmParam *param = &info->params[info->num_params++];
    take_name(L, table, item, info, param);
    sfm_state_spend(L, script->text_size / 8);
    const int line = sfm_source_line_of(script->text, script->text_size, param->name);
    if (line == 0) {
        take_rest(L, table, lua_pushfstring(L, "knob '%s'", param->name), param);
        lua_pop(L, 1);
        return;
    }
    lua_pushcfunction(L, take_located);
    lua_pushvalue(L, table);
    lua_pushinteger(L, line);
    lua_pushlightuserdata(L, param);
    script->state.is_located = true;
    lua_call(L, 3, 0);
    script->state.is_located = false;
}

// Marks a text as scripts do with _"...": the shell translates it.
#define N_(text) text

// What the host adds to a schedule that has betas. -1 and "model": as the model
// was published.
static const struct {
    const char *name, *label, *help;
    SfmParamType type;
    double min, max, default_number;
    const char *choices; // the first is the default
} host_knobs[] = {
    { SFM_PARAM_SPACING, N_("Spacing"),
      N_("Which of the training steps a run visits; model: as published"), SFM_PARAM_CHOICE,
      .choices = "model leading linspace trailing" },
    { SFM_PARAM_STEPS_OFFSET, N_("Steps offset"),
      N_("By how many training steps leading spacing is shifted; -1: as published"),
      SFM_PARAM_INTEGER, .min = -1, .max = 1000, .default_number = -1 },
    { SFM_PARAM_ZERO_SNR, N_("Zero terminal SNR"),
      N_("Rescale the schedule so that its last step leaves nothing of the image"),
      SFM_PARAM_BOOLEAN, .max = 1 },
};

static void add_host_knobs(SfmScriptInfo *info)
{
    for (size_t i = 0; i < G_N_ELEMENTS(host_knobs); i++) {
        SfmParam *param = &info->params[info->num_params++];
        *param = (SfmParam){
            .name = g_strdup(host_knobs[i].name),
            .label = g_strdup(host_knobs[i].label),
            .help = g_strdup(host_knobs[i].help),
            .type = host_knobs[i].type,
            .min = host_knobs[i].min,
            .max = host_knobs[i].max,
            .default_number = host_knobs[i].default_number,
        };
        if (host_knobs[i].choices) {
            param->choices = g_strsplit(host_knobs[i].choices, " ", -1);
            param->default_text = g_strdup(param->choices[0]);
        }
    }
}

void sfm_params_take(lua_State *L, int declaration, SfmScriptInfo *info, bool has_betas)
{
    const int type = sfm_field_push(L, declaration, "params");
    const int list = lua_gettop(L);
    if (type != LUA_TNIL && type != LUA_TTABLE)
        sfm_field_bad_type(L, NULL, "params", "a list of knobs");
    const lua_Unsigned num = type == LUA_TTABLE ? lua_rawlen(L, list) : 0;
    if (num > MAX_PARAMS)
        luaL_error(L, "'params' has more than %d knobs", MAX_PARAMS);
    if (type == LUA_TTABLE)
        sfm_field_check_keys(L, list, "params", NULL, (lua_Integer)num);

    info->params = g_new0(SfmParam, num + G_N_ELEMENTS(host_knobs));
    if (has_betas)
        add_host_knobs(info);
    for (lua_Unsigned i = 0; i < num; i++) {
        if (lua_rawgeti(L, list, (lua_Integer)i + 1) != LUA_TTABLE)
            luaL_error(L, "params[%d] must be a table, not a %s", (int)i + 1, luaL_typename(L, -1));
        take_param(L, lua_gettop(L), (int)i + 1, info);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}
