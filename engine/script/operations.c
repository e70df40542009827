// SPDX-License-Identifier: GPL-3.0-or-later
// What can be computed with tensors and numbers, element by element. Nothing is,
// until it is needed: see term.c.
#include "script/operations.h"

#include <math.h>

#include "script/api.h"
#include "script/tensors.h"

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

static void push_term(lua_State *L, SfmExprKind kind, int num, const int index[])
{
    SfmPool *pool = &sfm_script_of(L)->pool;
    SfmTerm **result = sfm_tensor_push(L);
    SfmTerm *operand[3] = { NULL };
    for (int i = 0; i < num; i++)
        operand[i] = sfm_tensor_operand(L, index[i]);
    GError *error = NULL;
    sfm_device_begin(L);
    *result = sfm_term_new(pool, kind, operand[0], operand[1], operand[2], &error);
    for (int i = 0; i < num; i++)
        sfm_term_unref(pool, operand[i]);
    sfm_device_end(L, error);
}

void sfm_operation_push(lua_State *L, SfmExprKind kind, int a, int b, int c)
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

static int operate(lua_State *L, SfmExprKind kind)
{
    lua_settop(L, sfm_expr_arity(kind));
    sfm_operation_push(L, kind, 1, 2, 3);
    return 1;
}

#define OPERATION(name, kind)     \
    static int name(lua_State *L) \
    {                             \
        return operate(L, kind);  \
    }

OPERATION(add, SFM_EXPR_ADD)
OPERATION(subtract, SFM_EXPR_SUB)
OPERATION(multiply, SFM_EXPR_MUL)
OPERATION(divide, SFM_EXPR_DIV)
OPERATION(negate, SFM_EXPR_NEG)
OPERATION(absolute, SFM_EXPR_ABS)
OPERATION(square_root, SFM_EXPR_SQRT)
OPERATION(exponential, SFM_EXPR_EXP)
OPERATION(minimum, SFM_EXPR_MIN)
OPERATION(maximum, SFM_EXPR_MAX)
OPERATION(less, SFM_EXPR_LESS)
OPERATION(select, SFM_EXPR_SELECT)

static int clamp(lua_State *L)
{
    lua_settop(L, 3);
    sfm_operation_push(L, SFM_EXPR_MAX, 1, 2, 0);
    sfm_operation_push(L, SFM_EXPR_MIN, 4, 3, 0);
    return 1;
}

static int lerp(lua_State *L)
{
    lua_settop(L, 3);
    sfm_operation_push(L, SFM_EXPR_SUB, 2, 1, 0);
    sfm_operation_push(L, SFM_EXPR_MUL, 3, 4, 0);
    sfm_operation_push(L, SFM_EXPR_ADD, 1, 5, 0);
    return 1;
}

const SfmApiEntry sfm_api_operators[] = {
    { "__add", add, "z: tensor|number", "tensor", "y + z" },
    { "__sub", subtract, "z: tensor|number", "tensor", "y - z" },
    { "__mul", multiply, "z: tensor|number", "tensor", "y times z" },
    { "__div", divide, "z: tensor|number", "tensor", "y / z" },
    { "__unm", negate, "", "tensor", "-y" },
    { 0 },
};

const SfmApiEntry sfm_api_operations[] = {
    { "abs", absolute, "", "tensor", "|y|" },
    { "sqrt", square_root, "", "tensor", "Square root" },
    { "exp", exponential, "", "tensor", "e to the power of y" },
    { "min", minimum, "z: tensor|number", "tensor", "The lesser of the two" },
    { "max", maximum, "z: tensor|number", "tensor", "The greater of the two" },
    { "clamp", clamp, "low: tensor|number, high: tensor|number", "tensor",
      "y, but no less than low and then no more than high" },
    { "less", less, "z: tensor|number", "tensor", "1 where y < z, else 0" },
    { "where", select, "z: tensor|number, otherwise: tensor|number", "tensor",
      "z where y is not 0, else `otherwise`" },
    { "lerp", lerp, "z: tensor|number, w: tensor|number", "tensor", "y + w (z - y)" },
    { 0 },
};
