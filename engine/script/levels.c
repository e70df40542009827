// SPDX-License-Identifier: GPL-3.0-or-later
// What must stay true: a run's levels are finite and strictly decrease, start
// within what the model has seen and end at 0 or above its lowest; whatever a
// schedule returns, the error names the index and the value.
#include <math.h>
#include <string.h>

#include "script/body.h"
#include "script/field.h"
#include "script/function.h"
#include "script/params.h"
#include "script/sandbox.h"
#include "script/spacing.h"

#define MAX_LEVELS        10001
#define MAX_BETAS         100000
#define DEFAULT_T         1000    // where the model has no training steps to count
#define SLACK             1.001   // that rounding may take a level beyond the model's ends
#define ROUNDING          0x1p-22 // relative, of a product in fp32
#define ROUNDING_OF_BETAS 1e-4    // relative, of a product of many: a beta may be 0.999

// A call of a schedule, and what it gave.
typedef struct {
    SfmScript *script;
    const SfmScriptModel *model;
    int num_steps;
    SfmLevels levels;       // unless it has betas
    size_t num_betas;       // if it has
    double *alphas_cumprod; // [num_betas]
} Request;

static void request_clear(Request *request)
{
    sfm_levels_clear(&request->levels);
    g_free(request->alphas_cumprod);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Request, request_clear)

void sfm_levels_clear(SfmLevels *levels)
{
    g_free(levels->sigma);
    g_free(levels->timestep);
    *levels = (SfmLevels){ 0 };
}

static void new_levels(SfmLevels *levels, size_t num)
{
    sfm_levels_clear(levels);
    levels->num = num;
    levels->sigma = g_new0(double, num);
    levels->timestep = g_new(double, num);
    for (size_t i = 0; i < num; i++)
        levels->timestep[i] = NAN;
}

// In sigma space; abar = 0 enters as 2^-40.
static double sigma_of(double alpha_cumprod)
{
    const double abar = fmax(alpha_cumprod, 0x1p-40);
    return sqrt((1 - abar) / abar);
}

// The length of the list at the top.
static size_t check_list(lua_State *L, const char *what, int least, int most)
{
    if (!lua_istable(L, -1))
        luaL_error(L, "%s must be a list of numbers, not a %s", what, luaL_typename(L, -1));
    const lua_Unsigned num = lua_rawlen(L, -1);
    if (least == most && num != (lua_Unsigned)least)
        luaL_error(L, "%s must have %d numbers, not %d", what, least, (int)num);
    if (num < (lua_Unsigned)least || num > (lua_Unsigned)most)
        luaL_error(L, "%s must have %d to %d numbers, not %d", what, least, most, (int)num);
    return (size_t)num;
}

// Number i (from 0) of the list at the top.
static double get_number(lua_State *L, const char *what, size_t i)
{
    if (lua_rawgeti(L, -1, (lua_Integer)i + 1) != LUA_TNUMBER)
        luaL_error(L, "%s[%d] is a %s, not a number", what, (int)i + 1, luaL_typename(L, -1));
    const double number = lua_tonumber(L, -1);
    if (!isfinite(number))
        luaL_error(L, "%s[%d] is %f, which is not finite", what, (int)i + 1, number);
    lua_pop(L, 1);
    return number;
}

static void check_decrease(lua_State *L, const char *what, size_t i, double before, double number)
{
    if (i > 0 && !(number < before))
        luaL_error(L, "%s[%d] is %s, which is not below %s[%d] = %s", what, (int)i + 1,
                   sfm_state_push_number(L, number), what, (int)i,
                   sfm_state_push_number(L, before));
}

static void take_sigmas(lua_State *L, Request *request)
{
    const SfmScriptModel *model = request->model;
    const size_t num = check_list(L, "sigmas", 2, MAX_LEVELS);
    new_levels(&request->levels, num);
    double *sigma = request->levels.sigma;
    for (size_t i = 0; i < num; i++) {
        sigma[i] = get_number(L, "sigmas", i);
        check_decrease(L, "sigmas", i, i > 0 ? sigma[i - 1] : 0, sigma[i]);
    }
    if (sigma[0] > model->sigma_max * SLACK)
        luaL_error(L, "sigmas[1] is %s, above the model's sigma_max %s",
                   sfm_state_push_number(L, sigma[0]), sfm_state_push_number(L, model->sigma_max));
    const double last = sigma[num - 1];
    if (last != 0 && last < model->sigma_min / SLACK)
        luaL_error(L, "sigmas[%d] is %s, neither 0 nor at least the model's sigma_min %s", (int)num,
                   sfm_state_push_number(L, last), sfm_state_push_number(L, model->sigma_min));
}

static void take_timesteps(lua_State *L, Request *request)
{
    const SfmScriptModel *model = request->model;
    const size_t num = check_list(L, "timesteps", 1, MAX_LEVELS - 1);
    new_levels(&request->levels, num + 1); // and 0
    double *timestep = request->levels.timestep;
    for (size_t i = 0; i < num; i++) {
        const double t = get_number(L, "timesteps", i);
        if (!sfm_param_is_integer(t) || t < 0 || t >= (double)model->num_train_timesteps)
            luaL_error(L, "timesteps[%d] is %s, not an integer from 0 to %d", (int)i + 1,
                       sfm_state_push_number(L, t), (int)model->num_train_timesteps - 1);
        check_decrease(L, "timesteps", i, i > 0 ? timestep[i - 1] : 0, t);
        timestep[i] = t;
        request->levels.sigma[i] = sigma_of(model->alphas_cumprod[(size_t)t]);
        check_decrease(L, "the timesteps' sigmas", i, i > 0 ? request->levels.sigma[i - 1] : 0,
                       request->levels.sigma[i]);
    }
}

// abar_t = (1 - beta_1) ... (1 - beta_t), in double as published code has it.
static void take_betas(lua_State *L, Request *request)
{
    const size_t num = check_list(L, "betas", 1, MAX_BETAS);
    request->alphas_cumprod = g_new(double, num);
    request->num_betas = num;
    double product = 1;
    for (size_t i = 0; i < num; i++) {
        const double beta = get_number(L, "betas", i);
        if (!(beta > 0 && beta <= 1))
            luaL_error(L, "betas[%d] is %s, not above 0 and at most 1", (int)i + 1,
                       sfm_state_push_number(L, beta));
        product *= 1 - beta;
        request->alphas_cumprod[i] = product;
    }
}

// What the network is to be told at each level; a last one of 0 needs no word.
static void take_told(lua_State *L, Request *request)
{
    const SfmLevels *levels = &request->levels;
    const int most = (int)levels->num, least = levels->sigma[most - 1] == 0 ? most - 1 : most;
    const double last = (double)request->model->num_train_timesteps - 1;
    const size_t num = check_list(L, "timesteps", least, most);
    for (size_t i = 0; i < num; i++) {
        const double t = get_number(L, "timesteps", i);
        if (t < 0 || t > last)
            luaL_error(L, "timesteps[%d] is %s, not from 0 to %d", (int)i + 1,
                       sfm_state_push_number(L, t), (int)last);
        if (i > 0 && t > levels->timestep[i - 1])
            luaL_error(L, "timesteps[%d] is %s, above timesteps[%d] = %s", (int)i + 1,
                       sfm_state_push_number(L, t), (int)i,
                       sfm_state_push_number(L, levels->timestep[i - 1]));
        levels->timestep[i] = t;
    }
}

// What sigmas() returned, at the top, is a list of levels, { timesteps = list },
// or { sigmas = list, timesteps = list }.
static void take_levels(lua_State *L, Request *request)
{
    static const char *const keys[] = { "sigmas", "timesteps", NULL };
    if (!lua_istable(L, -1))
        luaL_error(L, "sigmas must return a list of numbers, not a %s", luaL_typename(L, -1));
    const int answer = lua_gettop(L);
    const lua_Integer num_items = (lua_Integer)lua_rawlen(L, answer);
    sfm_field_check_keys(L, answer, "what sigmas returned", keys, num_items);
    const bool has_timesteps = sfm_field_push(L, answer, "timesteps") != LUA_TNIL;
    const bool has_sigmas = sfm_field_push(L, answer, "sigmas") != LUA_TNIL;
    if (num_items > 0 && (has_sigmas || has_timesteps))
        luaL_error(L, "give the levels as a list or as sigmas = { ... }, not both");
    if (has_timesteps && !request->model->alphas_cumprod)
        luaL_error(L, "the model has no timesteps: it is told noise levels");
    if (has_timesteps && !has_sigmas) {
        lua_settop(L, answer + 1);
        take_timesteps(L, request);
        return;
    }
    lua_settop(L, has_sigmas ? answer + 2 : answer);
    take_sigmas(L, request);
    if (has_timesteps) {
        lua_settop(L, answer + 1);
        take_told(L, request);
    }
}

static int ask(lua_State *L)
{
    Request *request = lua_touserdata(L, 1);
    const SfmScriptModel *model = request->model;
    const bool has_betas = request->script->form == SFM_FORM_BETAS;
    sfm_function_push(L, has_betas ? "betas" : "sigmas");
    if (has_betas) { // betas(n, p, model), n being how many the model was trained on
        const size_t num_train = model->num_train_timesteps;
        lua_pushinteger(L, num_train ? (lua_Integer)num_train : DEFAULT_T);
        sfm_params_push(L, request->script);
        sfm_model_push(L, model);
    } else { // sigmas(model, n, p), n being how many steps are asked for
        sfm_model_push(L, model);
        lua_pushinteger(L, request->num_steps);
        sfm_params_push(L, request->script);
    }
    lua_call(L, 3, 1);
    if (has_betas)
        take_betas(L, request);
    else
        take_levels(L, request);
    return 0;
}

// The model's own level and timestep where they are the schedule's, but for
// what rounding its betas and their products to fp32 has changed: so the network
// is told exactly what it was trained with.
static void snap(const SfmScriptModel *model, const Request *request, size_t t, double *sigma,
                 double *timestep)
{
    if (t >= model->num_train_timesteps)
        return;
    const double own = model->alphas_cumprod[t], abar = request->alphas_cumprod[t];
    if (fabs(own - abar) > own * (ROUNDING + ROUNDING_OF_BETAS * (1 - own)))
        return;
    *sigma = sigma_of(own);
    *timestep = (double)t;
}

// Levels above what the model has seen are dropped; the first of the rest, or 0
// if there is none, is where its highest takes over.
static void limit(const SfmScriptModel *model, SfmLevels *levels)
{
    size_t num_above = 0;
    while (levels->sigma[num_above] > model->sigma_max * SLACK)
        num_above++;
    if (num_above == 0)
        return;
    if (levels->sigma[num_above] == 0) // keep the 0, behind a level of its own
        num_above--;
    levels->num -= num_above;
    memmove(levels->sigma, levels->sigma + num_above, levels->num * sizeof *levels->sigma);
    memmove(levels->timestep, levels->timestep + num_above, levels->num * sizeof *levels->timestep);
    levels->sigma[0] = model->sigma_max;
    levels->timestep[0] = NAN;
}

static const char *spacing_of(const SfmScript *schedule, const SfmScriptModel *model)
{
    for (size_t i = 0; i < schedule->info->num_params; i++) {
        const char *value = schedule->values[i].text;
        if (strcmp(schedule->info->params[i].name, SFM_PARAM_SPACING) == 0 &&
            strcmp(value, "model") != 0)
            return value;
    }
    return model->spacing ? model->spacing : "leading";
}

// Visits `num_steps` of the training steps that the betas define.
static bool respace(const Request *request, SfmLevels *levels, GError **error)
{
    const SfmScriptModel *model = request->model;
    const size_t num = (size_t)request->num_steps;
    if (num > request->num_betas)
        return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT,
                        "%d steps are more than the %zu of schedule '%s'", request->num_steps,
                        request->num_betas, request->script->info->name);
    g_autofree size_t *timesteps = g_new(size_t, num);
    sfm_spacing(spacing_of(request->script, model), request->num_betas, model->steps_offset, num,
                timesteps);
    new_levels(levels, num + 1);
    for (size_t i = 0; i < num; i++) {
        levels->sigma[i] = sigma_of(request->alphas_cumprod[timesteps[i]]);
        snap(model, request, timesteps[i], &levels->sigma[i], &levels->timestep[i]);
    }
    for (size_t i = 1; i <= num; i++) {
        if (!(levels->sigma[i] < levels->sigma[i - 1]))
            return sfm_fail(error, SFM_ERROR_BAD_SCRIPT,
                            "schedule '%s': the noise does not grow from training step %zu to %zu",
                            request->script->info->name, i < num ? timesteps[i] : 0,
                            timesteps[i - 1]);
    }
    limit(model, levels);
    return true;
}

bool sfm_script_levels(SfmScript *schedule, const SfmScriptModel *model, int num_steps,
                       SfmLevels *levels, GError **error)
{
    if (num_steps < 1 || num_steps > MAX_LEVELS - 1)
        return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT, "steps must be from 1 to %d, not %d",
                        MAX_LEVELS - 1, num_steps);
    g_auto(Request) request = { .script = schedule, .model = model, .num_steps = num_steps };
    if (!sfm_state_run(&schedule->state, ask, &request, sfm_grant_call, error))
        return false;
    g_auto(SfmLevels) found = request.levels;
    request.levels = (SfmLevels){ 0 };
    if (schedule->form == SFM_FORM_BETAS && !respace(&request, &found, error))
        return false;
    *levels = found;
    found = (SfmLevels){ 0 };
    return true;
}
