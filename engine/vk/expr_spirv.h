// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_VK_EXPR_SPIRV_H
#define SFM_VK_EXPR_SPIRV_H

#include <glib.h>

#include "plan/expr.h"

#define SFM_EXPR_GROUP_SIZE 256 // invocations; one computes one element

// The shader's push constants.
typedef struct {
    uint32_t count;      // elements of the result
    uint32_t image_size; // elements of one image of it
    uint32_t row;        // invocations in a row of groups: groups[0] * SFM_EXPR_GROUP_SIZE
    float scalar[SFM_EXPR_MAX_SCALARS];
} SfmExprPush;

// The SPIR-V of a compute shader that evaluates `expr`, which is valid: words of
// uint32_t. Binding i is tensor i, and the one behind the tensors is the result,
// all storage buffers of floats. It depends on the nodes alone. The caller owns
// the array.
GArray *sfm_expr_spirv(const SfmExpr *expr);

#endif
