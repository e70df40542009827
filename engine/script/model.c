// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/api.h"
#include "script/body.h"
#include "script/sandbox.h"

const SfmApiEntry sfm_api_model[] = {
    { "sigma_min", NULL, NULL, "number", "The lowest level that it was trained on" },
    { "sigma_max", NULL, NULL, "number", "The highest" },
    { "timesteps", NULL, NULL, "integer",
      "T, the steps of its training; 0 for score and consistency networks, which are told a "
      "level" },
    { "alphas_cumprod", NULL, NULL, "number[]", "[t + 1] is abar at timestep t; empty for those" },
    { "prediction", NULL, NULL, "\"epsilon\"|\"v_prediction\"|\"sample\"|\"score\"|\"consistency\"",
      "What the network predicts" },
    { "channels", NULL, NULL, "integer", "Of x" },
    { "width", NULL, NULL, "integer",
      "Of x, which may be larger than the picture: the network needs multiples" },
    { "height", NULL, NULL, "integer", "Of x, likewise" },
    { "classes", NULL, NULL, "integer", "How many it has; 0: none" },
    { 0 },
};

static void set_number(lua_State *L, const char *key, double number)
{
    lua_pushnumber(L, number);
    lua_setfield(L, -2, key);
}

static void set_integer(lua_State *L, const char *key, size_t number)
{
    lua_pushinteger(L, (lua_Integer)number);
    lua_setfield(L, -2, key);
}

// alphas_cumprod[t + 1] is that of timestep t: lists in Lua begin at 1.
static void set_alphas(lua_State *L, const SfmScriptModel *model)
{
    const size_t num = model->alphas_cumprod ? model->num_train_timesteps : 0;
    lua_createtable(L, (int)num, 0);
    for (size_t t = 0; t < num; t++) {
        lua_pushnumber(L, model->alphas_cumprod[t]);
        lua_rawseti(L, -2, (lua_Integer)t + 1);
    }
    lua_setfield(L, -2, "alphas_cumprod");
}

void sfm_model_push(lua_State *L, const SfmScriptModel *model)
{
    lua_newtable(L);
    set_number(L, "sigma_min", model->sigma_min);
    set_number(L, "sigma_max", model->sigma_max);
    lua_pushstring(L, model->prediction);
    lua_setfield(L, -2, "prediction");
    set_alphas(L, model);
    set_integer(L, "timesteps", model->num_train_timesteps);
    set_integer(L, "channels", model->shape.dim[1]);
    set_integer(L, "height", model->shape.dim[2]);
    set_integer(L, "width", model->shape.dim[3]);
    set_integer(L, "classes", (size_t)model->num_classes);
    sfm_sandbox_close_table(L, "the model has no");
}
