// SPDX-License-Identifier: GPL-3.0-or-later
#include <math.h>

#include "script/context.h"
#include "script/function.h"
#include "script/params.h"
#include "script/tensors.h"

// Pushes x, whose buffer is the host's.
static void push_start(lua_State *L)
{
    SfmScript *script = sfm_script_of(L);
    SfmTerm **term = sfm_tensor_push(L);
    SfmSlot *slot = sfm_pool_borrow(&script->pool, script->run->x);
    *term = sfm_term_new_buffer(&script->pool, slot, false);
}

// Refuses what a script returned, at the top, unless it is a tensor of x's shape.
static void check_result(lua_State *L, const char *function)
{
    if (!sfm_tensor_is(L, -1))
        luaL_error(L, "%s must return a tensor, not a %s", function, luaL_typename(L, -1));
    if (!sfm_tensor_is_of_run(L, -1))
        luaL_error(L, "%s must return a tensor of this run, not one from an earlier run", function);
    if (sfm_tensor_check(L, -1)->per_image)
        luaL_error(L, "%s must return a tensor of x's shape, not one value an image", function);
}

// Writes the tensor at the top to the host's buffer.
static void finish(lua_State *L)
{
    SfmScript *script = sfm_script_of(L);
    const SfmTerm *term = sfm_tensor_check(L, -1);
    if (!term->slot || !term->slot->borrowed)
        sfm_tensor_write(L, -1, script->run->x);
    sfm_context_check_finite(L, script->run->x, script->run->num_done);
}

// Step i (from 0) of a sampler that has step(ctx, x, x0, eps, a, b, p). x is at
// index 4 and replaced; below it are the function, ctx and p.
static void take_step(lua_State *L, size_t i)
{
    const SfmLevels *levels = sfm_script_of(L)->run->levels;
    const SfmDenoiseOptions options = { .guidance = NAN };
    sfm_context_denoise(L, 4, levels->sigma[i], &options); // x0 at 5, eps at 6
    lua_pushvalue(L, 1);
    lua_pushvalue(L, 2);
    lua_pushvalue(L, 4);
    lua_pushvalue(L, 5);
    lua_pushvalue(L, 6);
    lua_pushnumber(L, levels->sigma[i]);
    lua_pushnumber(L, levels->sigma[i + 1]);
    lua_pushvalue(L, 3);
    lua_call(L, 7, 1);
    check_result(L, "step"); // y at 7
    sfm_context_step(L, (lua_Integer)i + 1, 7, 5, 4);
}

static int run_steps(lua_State *L)
{
    const SfmScript *script = sfm_script_of(L);
    lua_settop(L, 0);
    sfm_function_push(L, "step");
    sfm_context_push(L);
    sfm_params_push(L, script);
    push_start(L);
    for (size_t i = 0; i + 1 < script->run->levels->num; i++)
        take_step(L, i);
    finish(L);
    return 0;
}

static void push_levels(lua_State *L, const SfmLevels *levels)
{
    lua_createtable(L, (int)levels->num, 0);
    for (size_t i = 0; i < levels->num; i++) {
        lua_pushnumber(L, levels->sigma[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

static int run_sample(lua_State *L)
{
    const SfmScript *script = sfm_script_of(L);
    lua_settop(L, 0);
    sfm_function_push(L, "sample");
    sfm_context_push(L);
    push_start(L);
    push_levels(L, script->run->levels);
    sfm_params_push(L, script);
    lua_call(L, 4, 1);
    check_result(L, "sample");
    finish(L);
    return 0;
}

#define QUICKLY_COLLECTED 1024 // KiB of a script's memory: a fraction of a millisecond

// A script that has much in memory takes more buffers instead.
static void collect(void *data)
{
    SfmScript *script = data;

    if (lua_gc(script->state.lua, LUA_GCCOUNT) <= QUICKLY_COLLECTED)
        lua_gc(script->state.lua, LUA_GCCOLLECT);
}

bool sfm_script_sample(SfmScript *sampler, const SfmSampling *sampling, const SfmLevels *levels,
                       SfmBuffer *x, GError **error)
{
    g_return_val_if_fail(sampler->info->kind == SFM_SCRIPT_SAMPLER, false);
    const uint32_t num_images = x->shape.dim[0];
    if (sampler->info->adaptive && num_images != 1)
        return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT,
                        "sampler '%s' is adaptive: it takes one image at a time, not %u",
                        sampler->info->name, num_images);
    g_autofree float *values = g_new(float, num_images);
    SfmScriptRun run = { .host = sampling, .levels = levels, .x = x, .values = values };
    sfm_pool_begin(&sampler->pool, sampling->runner, x->shape);
    sampler->pool.collect = collect;
    sampler->pool.script = sampler;
    sampler->pool.cancel = sampling->cancel;
    sampler->num_tensors = 0; // those of earlier runs are void
    sampler->run = &run;
    const bool ok =
        sfm_state_run(&sampler->state, sampler->form == SFM_FORM_STEP ? run_steps : run_sample,
                      NULL, sfm_grant_call, error);
    sampler->run = NULL;
    sfm_pool_end(&sampler->pool);
    return ok;
}
