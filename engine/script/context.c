// SPDX-License-Identifier: GPL-3.0-or-later
// What must stay true: of the calls here only those that let the host cancel
// (denoise, predict, step) renew the script's grant.
#include "script/context.h"

#include <math.h>
#include <string.h>

#include "script/api.h"
#include "script/field.h"
#include "script/function.h"
#include "script/params.h"
#include "script/reduction.h"
#include "script/sandbox.h"
#include "script/tensors.h"

#define CONTEXT    "ctx" // its metatable, and its name in errors
#define MAX_LOG    65536 // bytes
#define MAX_NOTES  16384 // bytes, keys and values
#define MAX_STREAM 65535
#define MAX_CALLS  1000 // of denoise, predict and step for each level of a run, on average

// The present run, if ctx is at index 1. A sampler that has kept ctx gets a turn
// without one when it is asked what it claims.
static SfmScriptRun *check_run(lua_State *L)
{
    bool is_ctx = lua_getmetatable(L, 1);
    if (is_ctx) {
        luaL_getmetatable(L, CONTEXT);
        is_ctx = lua_rawequal(L, -1, -2);
        lua_pop(L, 2);
    }
    if (!is_ctx)
        luaL_error(L, "ctx is missing: call it as ctx:name(...), with a colon");
    SfmScriptRun *run = sfm_script_of(L)->run;
    if (!run)
        luaL_error(L, "ctx is from an earlier run");
    return run;
}

// For calls after which the script may go on as long as before; but not for ever.
static void end_host_call(lua_State *L, GError *error)
{
    SfmScriptRun *run = sfm_script_of(L)->run;
    sfm_device_end(L, error);
    if (++run->num_calls > MAX_CALLS * run->levels->num)
        sfm_state_condemn(L, lua_pushfstring(L,
                                             "the script calls its host more than %d times for "
                                             "each level: is there an endless loop?",
                                             MAX_CALLS));
    sfm_state_grant(sfm_state_of(L), sfm_grant_call);
}

void sfm_context_check_finite(lua_State *L, SfmBuffer *buffer, lua_Integer step)
{
    SfmScript *script = sfm_script_of(L);
    const SfmScriptRun *run = script->run;
    GError *error = NULL;
    sfm_device_begin(L);
    if (sfm_reduction_read(&script->pool, SFM_REDUCE_ABSMAX, buffer, run->values, &error)) {
        bool finite = true;
        for (uint32_t n = 0; n < buffer->shape.dim[0]; n++)
            finite &= isfinite(run->values[n]) != 0;
        if (!finite)
            sfm_fail(&error, SFM_ERROR_BAD_NUMBER,
                     "sampler '%s': the image is not finite after step %d of %zu",
                     script->info->name, (int)step, run->levels->num - 1);
    }
    sfm_device_end(L, error);
}

// The guidance of a call that says nothing of it: what the script's function makes
// of the one that was asked for. NaN, the host's own, where it has none.
static double guidance_at(lua_State *L, double sigma)
{
    SfmScript *script = sfm_script_of(L);
    const int line = script->state.line;
    if (!sfm_function_push(L, "guidance"))
        return NAN;
    lua_pushnumber(L, sigma);
    lua_pushnumber(L, script->run->host->guidance);
    sfm_params_push(L, script);
    lua_call(L, 3, 1);
    if (lua_type(L, -1) != LUA_TNUMBER || !isfinite(lua_tonumber(L, -1))) {
        const char *got = lua_type(L, -1) == LUA_TNUMBER
                              ? sfm_state_push_number(L, lua_tonumber(L, -1))
                              : lua_pushfstring(L, "a %s", luaL_typename(L, -1));
        sfm_function_refuse(
            L, lua_pushfstring(L, "guidance must return a finite number, not %s", got));
    }
    const double guidance = lua_tonumber(L, -1);
    lua_pop(L, 1);
    script->state.line = line; // of sample() or step(), in the middle of which this was
    return guidance;
}

// A class or a guidance that cannot be had is the mistake of the script that
// chose it, which gets file and line when it is raised.
static void blame_script(GError *error)
{
    if (error && (error->code == SFM_ERROR_BAD_ARGUMENT || error->code == SFM_ERROR_UNSUPPORTED))
        error->code = SFM_ERROR_BAD_SCRIPT;
}

void sfm_context_denoise(lua_State *L, int x, double sigma, const SfmDenoiseOptions *given)
{
    const SfmSampling *host = sfm_script_of(L)->run->host;
    SfmDenoiseOptions options = *given;
    if (isnan(options.guidance))
        options.guidance = guidance_at(L, sigma);
    SfmBuffer *in = sfm_tensor_check_buffer(L, x);
    SfmBuffer *x0 = sfm_tensor_push_buffer(L);
    SfmBuffer *eps = sfm_tensor_push_buffer(L);
    GError *error = NULL;
    sfm_device_begin(L);
    host->denoise(host->user_data, in, sigma, &options, x0, eps, &error);
    if (options.class_name || !isnan(options.guidance))
        blame_script(error);
    end_host_call(L, error);
}

static void read_options(lua_State *L, int index, SfmDenoiseOptions *options)
{
    luaL_checktype(L, index, LUA_TTABLE);
    sfm_field_check_keys(L, index, "denoise", sfm_api_options, 0);
    options->guidance = sfm_field_number(L, index, "denoise", "guidance", NAN);
    if (sfm_field_push(L, index, "class") == LUA_TNIL)
        return;
    options->class_name = sfm_sandbox_text(L, -1, NULL); // stays on the stack meanwhile
    sfm_field_check_text(L, "denoise", "class");
}

static int denoise(lua_State *L)
{
    check_run(L);
    const double sigma = luaL_checknumber(L, 3);
    sfm_state_check_number(L, 3, isfinite(sigma) && sigma > 0, "a finite level above 0");
    SfmDenoiseOptions options = { .guidance = NAN };
    if (!lua_isnoneornil(L, 4))
        read_options(L, 4, &options);
    sfm_context_denoise(L, 2, sigma, &options);
    return 2;
}

static int timestep(lua_State *L)
{
    const SfmSampling *host = check_run(L)->host;
    const double sigma = luaL_checknumber(L, 2);
    sfm_state_check_number(L, 2, isfinite(sigma) && sigma >= 0, "a finite level, 0 or above,");
    lua_pushnumber(L, host->timestep(host->user_data, sigma));
    return 1;
}

static int predict(lua_State *L)
{
    const SfmSampling *host = check_run(L)->host;
    const double t = luaL_checknumber(L, 3);
    if (!host->predict)
        return luaL_error(L, "the model has no timesteps to predict at");
    if (!sfm_param_is_integer(t) || t < 0 || t >= (double)host->model.num_train_timesteps)
        return luaL_error(L, "timestep %s is not an integer from 0 to %d",
                          sfm_state_push_number(L, t), (int)host->model.num_train_timesteps - 1);
    SfmBuffer *x = sfm_tensor_check_buffer(L, 2);
    SfmBuffer *out = sfm_tensor_push_buffer(L);
    GError *error = NULL;
    sfm_device_begin(L);
    host->predict(host->user_data, x, t, out, &error);
    end_host_call(L, error);
    return 1;
}

static int learned_variance(lua_State *L)
{
    const SfmSampling *host = check_run(L)->host;
    const double a = luaL_checknumber(L, 2), b = luaL_checknumber(L, 3);
    if (!host->learned_variance)
        return luaL_error(L, "the model has not learned a variance");
    sfm_state_check_number(L, 2, isfinite(a) && a > 0, "a finite level above 0");
    sfm_state_check_number(L, 3, b >= 0 && b < a, "a level from 0 to below the first");
    SfmBuffer *out = sfm_tensor_push_buffer(L);
    GError *error = NULL;
    sfm_device_begin(L);
    host->learned_variance(host->user_data, a, b, out, &error);
    sfm_script_of(L)->pool.num_kernels++;
    sfm_device_end(L, error);
    return 1;
}

static int noise(lua_State *L)
{
    SfmScriptRun *run = check_run(L);
    const lua_Integer stream = luaL_optinteger(L, 2, run->num_streams + 1);
    const bool fits = stream >= 0 && stream <= MAX_STREAM;
    if (!lua_isnoneornil(L, 2))
        sfm_state_check_number(L, 2, fits, "a stream from 0 to 65535");
    else if (fits)
        run->num_streams++;
    else
        return luaL_error(L, "more than %d draws of noise in a step", MAX_STREAM);
    SfmBuffer *out = sfm_tensor_push_buffer(L);
    GError *error = NULL;
    sfm_device_begin(L);
    run->host->noise(run->host->user_data, run->num_done, (uint32_t)stream, out, &error);
    sfm_script_of(L)->pool.num_kernels++;
    sfm_device_end(L, error);
    return 1;
}

void sfm_context_step(lua_State *L, lua_Integer i, int y, int x0, int keep)
{
    SfmScriptRun *run = sfm_script_of(L)->run;
    const SfmSampling *host = run->host;
    luaL_argcheck(L, !sfm_tensor_check(L, y)->per_image, y, "a tensor of x's shape expected");
    SfmBuffer *clean = x0 ? sfm_tensor_check_buffer(L, x0) : NULL;
    SfmBuffer *result = sfm_tensor_push_buffer(L);
    sfm_tensor_write(L, y, result);
    sfm_context_check_finite(L, result, i);
    GError *error = NULL;
    sfm_device_begin(L);
    host->step(host->user_data, (uint32_t)i - 1, result, clean, &error);
    end_host_call(L, error);
    run->last = i;
    run->num_done++;
    run->num_streams = 0;
    lua_replace(L, keep);
    lua_settop(L, keep);
    lua_gc(L, LUA_GCCOLLECT); // gives the step's buffers back to the next
}

static int step(lua_State *L)
{
    const SfmScriptRun *run = check_run(L);
    const lua_Integer i = luaL_checkinteger(L, 2);
    const lua_Integer num_steps = (lua_Integer)run->levels->num - 1;
    if (i < 1 || i > num_steps || i < run->last)
        return luaL_error(L, "step %I of %I after step %I", (LUAI_UACINT)i, (LUAI_UACINT)num_steps,
                          (LUAI_UACINT)run->last);
    const int x0 = lua_isnoneornil(L, 4) ? 0 : 4;
    sfm_context_step(L, i, 3, x0, 1);
    return 1;
}

static int note(lua_State *L)
{
    SfmScriptRun *run = check_run(L);
    const char *key = luaL_checkstring(L, 2);
    luaL_argcheck(L,
                  lua_type(L, 3) == LUA_TSTRING || lua_type(L, 3) == LUA_TNUMBER ||
                      lua_type(L, 3) == LUA_TBOOLEAN,
                  3, "a text, a number or a boolean expected");
    const char *value = sfm_sandbox_text(L, 3, NULL);
    if (!g_utf8_validate(key, -1, NULL) || !g_utf8_validate(value, -1, NULL))
        return luaL_error(L, "a note must be UTF-8");
    run->num_noted += strlen(key) + strlen(value) + 2; // "": "", so that their number is bounded
    if (run->num_noted > MAX_NOTES)
        return luaL_error(L, "the notes are longer than %d bytes", MAX_NOTES);
    if (run->host->note)
        run->host->note(run->host->user_data, key, value);
    return 0;
}

static int write_log(lua_State *L)
{
    SfmScriptRun *run = check_run(L);
    luaL_checkany(L, 2);
    const char *text = sfm_sandbox_text(L, 2, NULL);
    run->num_logged += strlen(text) + 1;
    if (run->host->log && run->num_logged <= MAX_LOG) {
        g_autofree char *line = sfm_state_plain_line(text);
        run->host->log(run->host->user_data, line);
    }
    return 0;
}

const SfmApiEntry sfm_api_options[] = {
    { "guidance", NULL, NULL, "?number",
      "The weight of guidance in place of what was asked for; 1: none" },
    { "class", NULL, NULL, "?string|integer",
      "A class, by name or number, in place of what was asked for" },
    { 0 },
};

const SfmApiEntry sfm_api_context[] = {
    { "denoise", denoise, "x: tensor, sigma: number, options?: denoise_options",
      "x0: tensor, eps: tensor",
      "Runs the model on x at any level above 0: its clean estimate after clipping, and its "
      "estimate of the unit noise before" },
    { "step", step, "i: integer, y: tensor, x0?: tensor", "x: tensor",
      "In sample(): ends step i, counted from 1. Evaluates y, moves the progress bar, lets the "
      "user cancel; go on with what it gives. i must not fall. x0 is kept where "
      "frames are; without it, the model's last estimate" },
    { "noise", noise, "stream?: integer", "tensor",
      "Unit normals: a function of seed, image, step, stream and element. Without a stream, 0 .. "
      "65535, the n-th such call of a step is stream n" },
    { "timestep", timestep, "sigma: number", "number",
      "What the network is told at that level: the schedule's word if it is one of the run's, else "
      "derived from the model's table; for networks without timesteps the level as they are told "
      "it" },
    { "predict", predict, "x_vp: tensor, t: integer", "tensor",
      "The network's bare answer to x in its own scale, x / sqrt(1 + sigma^2), at a timestep" },
    { "learned_variance", learned_variance, "a: number, b: number", "tensor",
      "The variance of the step from level a to b, in sigma space, of networks that learned one; "
      "after a call of the model" },
    { "note", note, "key: string, value: string|number|boolean", "",
      "Puts a value into the picture's recipe; 16 KiB a run" },
    { "log", write_log, "text: any", "",
      "A message, on one line; 64 KiB a run, what is beyond is dropped" },
    { "model", NULL, NULL, "model", "What a script may know of the model" },
    { 0 },
};

void sfm_context_open(lua_State *L)
{
    luaL_newmetatable(L, CONTEXT);
    lua_newtable(L);
    sfm_api_register(L, sfm_api_context, 0);
    sfm_sandbox_close_table(L, "ctx has no");
    lua_setfield(L, -2, "__index");
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
    lua_pop(L, 1);
}

void sfm_context_push(lua_State *L)
{
    lua_newtable(L);
    sfm_model_push(L, &sfm_script_of(L)->run->host->model);
    lua_setfield(L, -2, "model");
    luaL_setmetatable(L, CONTEXT);
}
