// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/expr.h"

#include <glib.h>

static const int arity[SFM_EXPR_NUM_KINDS] = {
    [SFM_EXPR_ADD] = 2,  [SFM_EXPR_SUB] = 2, [SFM_EXPR_MUL] = 2,  [SFM_EXPR_DIV] = 2,
    [SFM_EXPR_MIN] = 2,  [SFM_EXPR_MAX] = 2, [SFM_EXPR_NEG] = 1,  [SFM_EXPR_ABS] = 1,
    [SFM_EXPR_SQRT] = 1, [SFM_EXPR_EXP] = 1, [SFM_EXPR_LESS] = 2, [SFM_EXPR_SELECT] = 3,
};

int sfm_expr_arity(SfmExprKind kind)
{
    return arity[kind];
}

static bool node_valid(const SfmExpr *expr, int i)
{
    const SfmExprNode *node = &expr->node[i];
    switch (node->kind) {
    case SFM_EXPR_TENSOR:
    case SFM_EXPR_PER_IMAGE:
        return node->a < expr->num_tensors;
    case SFM_EXPR_SCALAR:
        return node->a < expr->num_scalars;
    default:
        break;
    }
    const int num = node->kind < SFM_EXPR_NUM_KINDS ? arity[node->kind] : 0;
    return num > 0 && node->a < i && (num < 2 || node->b < i) && (num < 3 || node->c < i);
}

bool sfm_expr_valid(const SfmExpr *expr)
{
    if (expr->num_nodes < 1 || expr->num_nodes > SFM_EXPR_MAX_NODES || expr->num_tensors < 0 ||
        expr->num_tensors > SFM_EXPR_MAX_TENSORS || expr->num_scalars < 0 ||
        expr->num_scalars > SFM_EXPR_MAX_SCALARS)
        return false;
    for (int i = 0; i < expr->num_nodes; i++) {
        if (!node_valid(expr, i))
            return false;
    }
    return true;
}
