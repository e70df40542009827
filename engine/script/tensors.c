// SPDX-License-Identifier: GPL-3.0-or-later
// What must stay true: an error in Lua jumps out of C, so whatever a tensor
// counts on hangs on a handle in the Lua state before anything may raise one.
#include "script/tensors.h"

#include <math.h>
#include <string.h>

#include "script/reduction.h"
#include "script/sandbox.h"

#define TENSOR          "tensor" // its metatable, and its name in errors
#define MAX_TENSORS     64
#define WORK_PER_KERNEL 1000
#define WORK_PER_TERM   50

typedef struct {
    SfmTerm *term; // counted; NULL: not filled in
    bool collected;
} Handle;

static int collect(lua_State *L)
{
    Handle *handle = luaL_checkudata(L, 1, TENSOR);
    SfmScript *script = sfm_script_of(L);
    if (handle->collected)
        return 0;
    handle->collected = true;
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
    *handle = (Handle){ 0 };
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

SfmTerm *sfm_tensor_check(lua_State *L, int index)
{
    const Handle *handle = luaL_checkudata(L, index, TENSOR);
    if (!handle->term || !sfm_term_alive(&sfm_script_of(L)->pool, handle->term))
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

// What an operation means for numbers: what the kernels do, in double.
static double compute(SfmExprKind kind, const double v[])
{
    switch (kind) {
    case SFM_EXPR_MIN:
        return v[1] < v[0] ? v[1] : v[0];
    case SFM_EXPR_MAX:
        return v[0] < v[1] ? v[1] : v[0];
    case SFM_EXPR_ABS:
        return fabs(v[0]);
    case SFM_EXPR_SQRT:
        return sqrt(v[0]);
    case SFM_EXPR_EXP:
        return exp(v[0]);
    case SFM_EXPR_LESS:
        return v[0] < v[1];
    case SFM_EXPR_ADD:
        return v[0] + v[1];
    case SFM_EXPR_SUB:
        return v[0] - v[1];
    case SFM_EXPR_MUL:
        return v[0] * v[1];
    case SFM_EXPR_SELECT:
        return v[0] != 0 ? v[1] : v[2];
    default: // the rest are operators, which Lua itself applies to numbers
        g_assert_not_reached();
    }
}

// The operand's term, with a count of its own. Raises nothing.
static SfmTerm *operand_term(lua_State *L, int index)
{
    if (lua_type(L, index) == LUA_TNUMBER)
        return sfm_term_new_number(lua_tonumber(L, index));
    return sfm_term_ref(((Handle *)lua_touserdata(L, index))->term);
}

static void push_term(lua_State *L, SfmExprKind kind, int num, const int index[])
{
    SfmPool *pool = &sfm_script_of(L)->pool;
    SfmTerm **result = sfm_tensor_push(L);
    SfmTerm *operand[3] = { NULL };
    for (int i = 0; i < num; i++)
        operand[i] = operand_term(L, index[i]);
    GError *error = NULL;
    sfm_device_begin(L);
    *result = sfm_term_new(pool, kind, operand[0], operand[1], operand[2], &error);
    for (int i = 0; i < num; i++)
        sfm_term_unref(pool, operand[i]);
    sfm_device_end(L, error);
}

// Pushes kind(...) of the values at the indices: a number if all are.
static void push_operation(lua_State *L, SfmExprKind kind, int a, int b, int c)
{
    const int num = sfm_expr_arity(kind);
    const int index[3] = { a, b, c };
    double number[3] = { 0 };
    int num_numbers = 0;
    for (int i = 0; i < num; i++) {
        if (lua_type(L, index[i]) == LUA_TNUMBER)
            number[num_numbers++] = lua_tonumber(L, index[i]);
        else if (sfm_tensor_is(L, index[i]))
            sfm_tensor_check(L, index[i]);
        else
            luaL_typeerror(L, index[i], "tensor or number");
    }
    if (num_numbers == num)
        lua_pushnumber(L, compute(kind, number));
    else
        push_term(L, kind, num, index);
}

// An operator or a method that is one operation; which, is the upvalue.
static int operate(lua_State *L)
{
    const SfmExprKind kind = (SfmExprKind)lua_tointeger(L, lua_upvalueindex(1));
    lua_settop(L, sfm_expr_arity(kind));
    push_operation(L, kind, 1, 2, 3);
    return 1;
}

// x:clamp(low, high)
static int clamp(lua_State *L)
{
    lua_settop(L, 3);
    push_operation(L, SFM_EXPR_MAX, 1, 2, 0);
    push_operation(L, SFM_EXPR_MIN, 4, 3, 0);
    return 1;
}

// y:lerp(z, w): y + w (z - y)
static int lerp(lua_State *L)
{
    lua_settop(L, 3);
    push_operation(L, SFM_EXPR_SUB, 2, 1, 0);
    push_operation(L, SFM_EXPR_MUL, 3, 4, 0);
    push_operation(L, SFM_EXPR_ADD, 1, 5, 0);
    return 1;
}

// y:slerp(z, w): along the great circle instead, image by image.
static int slerp(lua_State *L)
{
    lua_settop(L, 3);
    luaL_checknumber(L, 3);
    sfm_reduction_slerp_weights(L); // pushes them
    push_operation(L, SFM_EXPR_MUL, 4, 1, 0);
    push_operation(L, SFM_EXPR_MUL, 5, 2, 0);
    push_operation(L, SFM_EXPR_ADD, 6, 7, 0);
    return 1;
}

void sfm_tensor_write(lua_State *L, int index, SfmBuffer *out)
{
    SfmPool *pool = &sfm_script_of(L)->pool;
    GError *error = NULL;
    sfm_device_begin(L);
    SfmTerm *term = operand_term(L, index);
    sfm_term_write(pool, term, out, &error);
    sfm_term_unref(pool, term);
    sfm_device_end(L, error);
}

// x:set(e): from now on, x is what e is worth now. Returns x.
static int set(lua_State *L)
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

static const struct {
    const char *name;
    SfmExprKind kind;
} operators[] = {
    { "__add", SFM_EXPR_ADD }, { "__sub", SFM_EXPR_SUB }, { "__mul", SFM_EXPR_MUL },
    { "__div", SFM_EXPR_DIV }, { "__unm", SFM_EXPR_NEG },
}, operations[] = {
    { "abs", SFM_EXPR_ABS }, { "sqrt", SFM_EXPR_SQRT }, { "exp", SFM_EXPR_EXP },
    { "min", SFM_EXPR_MIN }, { "max", SFM_EXPR_MAX },   { "less", SFM_EXPR_LESS },
    { "where", SFM_EXPR_SELECT }, // m:where(a, b): a where m is not 0, else b
};

static const luaL_Reg compositions[] = {
    { "clamp", clamp },
    { "lerp", lerp },
    { NULL, NULL },
};

static const luaL_Reg of_tensors_alone[] = {
    { "set", set },
    { "slerp", slerp },
    { "rms", sfm_reduction_rms },
    { "absmax", sfm_reduction_absmax },
    { "mean", sfm_reduction_mean },
    { "quantile", sfm_reduction_quantile },
    { NULL, NULL },
};

bool sfm_tensors_have(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(operations); i++) {
        if (strcmp(operations[i].name, name) == 0)
            return true;
    }
    for (size_t i = 0; compositions[i].name; i++) {
        if (strcmp(compositions[i].name, name) == 0)
            return true;
    }
    for (size_t i = 0; of_tensors_alone[i].name; i++) {
        if (strcmp(of_tensors_alone[i].name, name) == 0)
            return true;
    }
    return false;
}

static void set_operation(lua_State *L, const char *name, SfmExprKind kind)
{
    lua_pushinteger(L, kind);
    lua_pushcclosure(L, operate, 1);
    lua_setfield(L, -2, name);
}

// Pushes the methods that numbers have too.
static void push_methods(lua_State *L)
{
    lua_newtable(L);
    for (size_t i = 0; i < G_N_ELEMENTS(operations); i++)
        set_operation(L, operations[i].name, operations[i].kind);
    luaL_setfuncs(L, compositions, 0);
}

static void open_numbers(lua_State *L)
{
    lua_pushinteger(L, 0);
    lua_newtable(L);
    push_methods(L);
    sfm_sandbox_close_table(L, "a number has no");
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
    lua_pop(L, 1);
}

void sfm_tensors_open(lua_State *L)
{
    luaL_newmetatable(L, TENSOR);
    for (size_t i = 0; i < G_N_ELEMENTS(operators); i++)
        set_operation(L, operators[i].name, operators[i].kind);
    lua_pushcfunction(L, collect);
    lua_setfield(L, -2, "__gc");
    lua_pushcfunction(L, refuse_element);
    lua_setfield(L, -2, "__newindex");
    push_methods(L);
    luaL_setfuncs(L, of_tensors_alone, 0);
    sfm_sandbox_close_table(L, "a tensor has no");
    lua_setfield(L, -2, "__index");
    lua_pop(L, 1);
    open_numbers(L);
}
