// SPDX-License-Identifier: GPL-3.0-or-later
// What must stay true: a run's levels are finite and strictly decrease, start
// within what the model has seen and end at 0 or above its lowest; whatever a
// schedule returns, the error names the index and the value.
#include <math.h>

#include "script/betas.h"
#include "script/field.h"
#include "script/function.h"
#include "script/params.h"

#define MAX_LEVELS 10001
#define DEFAULT_T  1000 // where the model has no training steps to count

// A call of a schedule, and what it gave.
typedef struct {
    SfmScript *script;
    const SfmScriptModel *model;
    int num_steps;
    SfmLevels levels; // unless it has betas
    SfmBetas betas;   // if it has
} Request;

static void request_clear(Request *request)
{
    sfm_levels_clear(&request->levels);
    sfm_betas_clear(&request->betas);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Request, request_clear)

void sfm_levels_clear(SfmLevels *levels)
{
    g_free(levels->sigma);
    g_free(levels->timestep);
    *levels = (SfmLevels){ 0 };
}

double sfm_levels_timestep(const SfmLevels *levels, double sigma)
{
    for (size_t i = 0; i < levels->num; i++) {
        if (fabs(levels->sigma[i] - sigma) <= 1e-9 * sigma)
            return levels->timestep[i];
    }
    return NAN;
}

void sfm_levels_init(SfmLevels *levels, size_t num)
{
    sfm_levels_clear(levels);
    levels->num = num;
    levels->sigma = g_new0(double, num);
    levels->timestep = g_new(double, num);
    for (size_t i = 0; i < num; i++)
        levels->timestep[i] = NAN;
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
    const size_t num = sfm_field_list(L, "sigmas", 2, MAX_LEVELS);
    sfm_levels_init(&request->levels, num);
    double *sigma = request->levels.sigma;
    for (size_t i = 0; i < num; i++) {
        sigma[i] = sfm_field_list_number(L, "sigmas", i);
        check_decrease(L, "sigmas", i, i > 0 ? sigma[i - 1] : 0, sigma[i]);
    }
    if (sigma[0] > model->sigma_max * SFM_LEVELS_SLACK)
        luaL_error(L, "sigmas[1] is %s, above the model's sigma_max %s",
                   sfm_state_push_number(L, sigma[0]), sfm_state_push_number(L, model->sigma_max));
    const double last = sigma[num - 1];
    if (last != 0 && last < model->sigma_min / SFM_LEVELS_SLACK)
        luaL_error(L, "sigmas[%d] is %s, neither 0 nor at least the model's sigma_min %s", (int)num,
                   sfm_state_push_number(L, last), sfm_state_push_number(L, model->sigma_min));
}

static void take_timesteps(lua_State *L, Request *request)
{
    const SfmScriptModel *model = request->model;
    const size_t num = sfm_field_list(L, "timesteps", 1, MAX_LEVELS - 1);
    sfm_levels_init(&request->levels, num + 1); // and 0
    double *timestep = request->levels.timestep;
    for (size_t i = 0; i < num; i++) {
        const double t = sfm_field_list_number(L, "timesteps", i);
        if (!sfm_param_is_integer(t) || t < 0 || t >= (double)model->num_train_timesteps)
            luaL_error(L, "timesteps[%d] is %s, not an integer from 0 to %d", (int)i + 1,
                       sfm_state_push_number(L, t), (int)model->num_train_timesteps - 1);
        check_decrease(L, "timesteps", i, i > 0 ? timestep[i - 1] : 0, t);
        timestep[i] = t;
        request->levels.sigma[i] = sfm_betas_sigma(model->alphas_cumprod[(size_t)t]);
        check_decrease(L, "the timesteps' sigmas", i, i > 0 ? request->levels.sigma[i - 1] : 0,
                       request->levels.sigma[i]);
    }
}

// What the network is to be told at each level; a last one of 0 needs no word.
static void take_told(lua_State *L, Request *request)
{
    const SfmLevels *levels = &request->levels;
    const int most = (int)levels->num, least = levels->sigma[most - 1] == 0 ? most - 1 : most;
    const double last = (double)request->model->num_train_timesteps - 1;
    const size_t num = sfm_field_list(L, "timesteps", least, most);
    for (size_t i = 0; i < num; i++) {
        const double t = sfm_field_list_number(L, "timesteps", i);
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

const SfmApiEntry sfm_api_levels[] = {
    { "sigmas", NULL, NULL, "?number[]", "The levels; those of the timesteps unless given" },
    { "timesteps", NULL, NULL, "?number[]",
      "What the network is told at each level: from T - 1 to 0, never rising, whole or not; a last "
      "level of 0 needs none. Without sigmas: integers, strictly falling, and 0 is put behind the "
      "last level" },
    { 0 },
};

// What sigmas() returned, at the top, is a list of levels, { timesteps = list },
// or { sigmas = list, timesteps = list }.
static void take_levels(lua_State *L, Request *request)
{
    if (!lua_istable(L, -1))
        luaL_error(L, "sigmas must return a list of numbers, not a %s", luaL_typename(L, -1));
    const int answer = lua_gettop(L);
    const lua_Integer num_items = (lua_Integer)lua_rawlen(L, answer);
    sfm_field_check_keys(L, answer, "what sigmas returned", sfm_api_levels, num_items);
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
        sfm_betas_take(L, &request->betas);
    else
        take_levels(L, request);
    return 0;
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
    if (schedule->form == SFM_FORM_BETAS &&
        !sfm_betas_respace(&request.betas, schedule, model, (size_t)num_steps, &request.levels,
                           error))
        return false;
    *levels = request.levels;
    request.levels = (SfmLevels){ 0 };
    return true;
}
