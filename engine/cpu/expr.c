// SPDX-License-Identifier: GPL-3.0-or-later
#include "cpu/expr.h"

#include <math.h>

static float apply(SfmExprKind kind, float a, float b, float c)
{
    switch (kind) {
    case SFM_EXPR_ADD:
        return a + b;
    case SFM_EXPR_SUB:
        return a - b;
    case SFM_EXPR_MUL:
        return a * b;
    case SFM_EXPR_DIV:
        return a / b;
    case SFM_EXPR_MIN:
        return b < a ? b : a;
    case SFM_EXPR_MAX:
        return a < b ? b : a;
    case SFM_EXPR_NEG:
        return -a;
    case SFM_EXPR_ABS:
        return fabsf(a);
    case SFM_EXPR_SQRT:
        return sqrtf(a);
    case SFM_EXPR_EXP:
        return expf(a);
    case SFM_EXPR_LESS:
        return a < b ? 1.0f : 0.0f;
    case SFM_EXPR_SELECT:
        return a != 0.0f ? b : c;
    default:
        return NAN; // leaves: sfm_expr_valid() keeps them from here
    }
}

static float element(const SfmExpr *expr, const float scalars[], const float *const in[],
                     size_t image, size_t at)
{
    float value[SFM_EXPR_MAX_NODES] = { 0 };
    for (int i = 0; i < expr->num_nodes; i++) {
        const SfmExprNode *node = &expr->node[i];
        switch (node->kind) {
        case SFM_EXPR_TENSOR:
            value[i] = in[node->a][at];
            break;
        case SFM_EXPR_PER_IMAGE:
            value[i] = in[node->a][image];
            break;
        case SFM_EXPR_SCALAR:
            value[i] = scalars[node->a];
            break;
        default: {
            const int arity = sfm_expr_arity(node->kind);
            value[i] = apply(node->kind, value[node->a], arity > 1 ? value[node->b] : 0,
                             arity > 2 ? value[node->c] : 0);
        }
        }
    }
    return value[expr->num_nodes - 1];
}

void sfm_cpu_eval(const SfmExpr *expr, const float scalars[], const float *const in[],
                  size_t num_images, size_t image_size, float *out)
{
    for (size_t image = 0; image < num_images; image++) {
        for (size_t i = 0; i < image_size; i++) {
            const size_t at = image * image_size + i;
            out[at] = element(expr, scalars, in, image, at);
        }
    }
}
