// SPDX-License-Identifier: GPL-3.0-or-later
// What must stay true: an error in Lua jumps out of C, so whatever a tensor
// counts on hangs on a handle in the Lua state before anything may raise one.
#include "script/tensors.h"

#include "script/api.h"
#include "script/sandbox.h"

#define TENSOR          "tensor" // its metatable, and its name in errors
#define MAX_TENSORS     64
#define WORK_PER_KERNEL 10000
#define WORK_PER_TERM   50

typedef struct {
    SfmTerm *term; // counted; NULL: not filled in
    unsigned run;  // of the pool, that counts the handle
    bool collected;
} Handle;

static int collect(lua_State *L)
{
    Handle *handle = luaL_checkudata(L, 1, TENSOR);
    SfmScript *script = sfm_script_of(L);
    if (handle->collected)
        return 0;
    handle->collected = true;
    if (handle->run == script->pool.run)
        script->num_tensors--;
    sfm_term_unref(&script->pool, g_steal_pointer(&handle->term));
    return 0;
}

// The collector knows nothing of buffers: it is run before giving up.
static void make_room(lua_State *L)
{
    SfmScript *script = sfm_script_of(L);
    if (script->num_tensors < MAX_TENSORS && sfm_pool_has_room(&script->pool))
        return;
    lua_gc(L, LUA_GCCOLLECT);
    if (script->num_tensors >= MAX_TENSORS || !sfm_pool_has_room(&script->pool))
        luaL_error(L, "more than %d live tensors", MAX_TENSORS);
}

SfmTerm **sfm_tensor_push(lua_State *L)
{
    luaL_checkstack(L, 4, NULL);
    sfm_state_spend(L, WORK_PER_TERM);
    make_room(L);
    Handle *handle = lua_newuserdatauv(L, sizeof *handle, 0);
    *handle = (Handle){ .run = sfm_script_of(L)->pool.run };
    sfm_script_of(L)->num_tensors++;
    luaL_setmetatable(L, TENSOR);
    return &handle->term;
}

SfmBuffer *sfm_tensor_push_buffer(lua_State *L)
{
    SfmPool *pool = &sfm_script_of(L)->pool;
    SfmTerm **term = sfm_tensor_push(L);
    GError *error = NULL;
    SfmSlot *slot = sfm_pool_take(pool, false, &error);
    if (!slot)
        sfm_state_raise(L, error);
    *term = sfm_term_new_buffer(pool, slot, false);
    return slot->buffer;
}

bool sfm_tensor_is(lua_State *L, int index)
{
    return luaL_testudata(L, index, TENSOR) != NULL;
}

bool sfm_tensor_is_of_run(lua_State *L, int index)
{
    const Handle *handle = luaL_checkudata(L, index, TENSOR);
    return handle->term && sfm_term_alive(&sfm_script_of(L)->pool, handle->term);
}

SfmTerm *sfm_tensor_check(lua_State *L, int index)
{
    const Handle *handle = luaL_checkudata(L, index, TENSOR);
    if (!sfm_tensor_is_of_run(L, index))
        luaL_argerror(L, index, "this tensor is from an earlier run");
    return handle->term;
}

SfmBuffer *sfm_tensor_check_buffer(lua_State *L, int index)
{
    SfmTerm *term = sfm_tensor_check(L, index);
    luaL_argcheck(L, !term->per_image, index,
                  "a tensor of x's shape expected, got one value an image");
    make_room(L);
    GError *error = NULL;
    sfm_device_begin(L);
    SfmBuffer *buffer = sfm_term_settle(&sfm_script_of(L)->pool, term, &error);
    sfm_device_end(L, error);
    return buffer;
}

void sfm_device_begin(lua_State *L)
{
    sfm_script_of(L)->pool.num_kernels = 0;
    sfm_state_enter_host(sfm_state_of(L));
}

void sfm_device_end(lua_State *L, GError *error)
{
    sfm_state_leave_host(sfm_state_of(L));
    if (error)
        sfm_state_raise(L, error);
    sfm_state_spend(L, sfm_script_of(L)->pool.num_kernels * WORK_PER_KERNEL);
}

SfmTerm *sfm_tensor_operand(lua_State *L, int index)
{
    if (lua_type(L, index) == LUA_TNUMBER)
        return sfm_term_new_number(&sfm_script_of(L)->pool, lua_tonumber(L, index));
    return sfm_term_ref(((Handle *)lua_touserdata(L, index))->term);
}

void sfm_tensor_write(lua_State *L, int index, SfmBuffer *out)
{
    SfmPool *pool = &sfm_script_of(L)->pool;
    GError *error = NULL;
    sfm_device_begin(L);
    SfmTerm *term = sfm_tensor_operand(L, index);
    sfm_term_write(pool, term, out, &error);
    sfm_term_unref(pool, term);
    sfm_device_end(L, error);
}

int sfm_tensor_set(lua_State *L)
{
    Handle *handle = luaL_checkudata(L, 1, TENSOR);
    lua_settop(L, 2);
    if (lua_type(L, 2) != LUA_TNUMBER)
        sfm_tensor_check(L, 2);
    SfmBuffer *buffer = sfm_tensor_push_buffer(L);
    sfm_tensor_write(L, 2, buffer);

    Handle *fresh = lua_touserdata(L, 3);
    SfmTerm *old = handle->term;
    handle->term = g_steal_pointer(&fresh->term);
    if (old)
        sfm_term_unref(&sfm_script_of(L)->pool, old);
    lua_settop(L, 1);
    return 1;
}

static int refuse_element(lua_State *L)
{
    return luaL_error(L, "a tensor's elements are out of a script's reach: use x:set(e)");
}

static int refuse_power(lua_State *L)
{
    return luaL_error(L, "tensors have no ^: x * x is the square, x:sqrt() the root");
}

static int refuse_comparison(lua_State *L)
{
    return luaL_error(
        L, "tensors have no order: x:less(y), x:min(y) and x:max(y) go element by element");
}

// What comes to mind first, and is not there.
static void set_refusals(lua_State *L)
{
    static const luaL_Reg refusals[] = {
        { "__newindex", refuse_element },
        { "__pow", refuse_power },
        { "__lt", refuse_comparison },
        { "__le", refuse_comparison },
        { NULL, NULL },
    };
    luaL_setfuncs(L, refusals, 0);
}

// Numbers have the operations too, since a reduction may give either.
static void open_numbers(lua_State *L)
{
    lua_pushinteger(L, 0);
    lua_newtable(L);
    lua_newtable(L);
    sfm_api_register(L, sfm_api_operations, 0);
    sfm_sandbox_close_table(L, "a number has no");
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
    lua_pop(L, 1);
}

void sfm_tensors_open(lua_State *L)
{
    luaL_newmetatable(L, TENSOR);
    sfm_api_register(L, sfm_api_operators, 0);
    lua_pushcfunction(L, collect);
    lua_setfield(L, -2, "__gc");
    set_refusals(L);
    lua_newtable(L);
    sfm_api_register(L, sfm_api_operations, 0);
    sfm_api_register(L, sfm_api_tensor, 0);
    sfm_sandbox_close_table(L, "a tensor has no");
    lua_setfield(L, -2, "__index");
    lua_pop(L, 1);
    open_numbers(L);
}
