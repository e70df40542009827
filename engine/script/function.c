// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/function.h"

#include "script/state.h"

void sfm_function_keep(lua_State *L, const char *name)
{
    lua_pushfstring(L, "sfm.%s", name);
    lua_insert(L, -2);
    lua_rawset(L, LUA_REGISTRYINDEX);
}

bool sfm_function_push(lua_State *L, const char *name)
{
    lua_pushfstring(L, "sfm.%s", name);
    if (lua_rawget(L, LUA_REGISTRYINDEX) == LUA_TNIL) {
        lua_pop(L, 1);
        return false;
    }
    sfm_function_blame(L);
    return true;
}

// One of Lua's own functions has no line.
void sfm_function_blame(lua_State *L)
{
    lua_Debug ar;
    lua_pushvalue(L, -1);
    lua_getinfo(L, ">S", &ar);
    sfm_state_of(L)->line = MAX(ar.linedefined, 0);
}

int sfm_function_refuse(lua_State *L, const char *what)
{
    sfm_state_push_where(L);
    lua_pushstring(L, what);
    lua_concat(L, 2);
    return lua_error(L);
}
