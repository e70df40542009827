// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_PLAN_EXPR_H
#define SFM_PLAN_EXPR_H

#include <stdbool.h>
#include <stdint.h>

// An element-wise expression: what the tensors of a script build, and a runner
// turns into one kernel. Nodes refer to earlier nodes; the last is the result.
// Two expressions with the same nodes share a kernel, whatever their scalars.
#define SFM_EXPR_MAX_NODES   64
#define SFM_EXPR_MAX_TENSORS 8
#define SFM_EXPR_MAX_SCALARS 24

typedef enum {
    SFM_EXPR_TENSOR,    // a: slot; the element at hand
    SFM_EXPR_PER_IMAGE, // a: slot of a tensor [N, 1, 1, 1]; the value of the image at hand
    SFM_EXPR_SCALAR,    // a: slot; a push constant
    SFM_EXPR_ADD,       // a + b, both nodes; likewise below
    SFM_EXPR_SUB,
    SFM_EXPR_MUL,
    SFM_EXPR_DIV,
    SFM_EXPR_MIN, // unspecified for NaN, as GLSL's min() is; likewise SFM_EXPR_MAX
    SFM_EXPR_MAX,
    SFM_EXPR_NEG, // -a
    SFM_EXPR_ABS,
    SFM_EXPR_SQRT,
    SFM_EXPR_EXP,
    SFM_EXPR_LESS,   // 1 where a < b, else 0
    SFM_EXPR_SELECT, // b where a is not 0, else c
    SFM_EXPR_NUM_KINDS,
} SfmExprKind;

typedef struct {
    uint8_t kind; // SfmExprKind
    uint8_t a, b, c;
} SfmExprNode;

typedef struct {
    int num_nodes, num_tensors, num_scalars;
    SfmExprNode node[SFM_EXPR_MAX_NODES];
} SfmExpr;

// How many nodes a kind refers to: 0 for leaves.
int sfm_expr_arity(SfmExprKind kind);

// Whether every reference points back, every slot is within num_tensors and
// num_scalars, and no count is beyond its limit.
bool sfm_expr_valid(const SfmExpr *expr);

#endif
