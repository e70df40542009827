// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_FORMULA_H
#define SFM_JOB_FORMULA_H

#include "plan/runner.h"

// An element-wise expression being written down, with the buffers and numbers
// that it is about. Each function appends one node and returns its index. To be
// zeroed before the first.
typedef struct {
    SfmExpr expr;
    SfmBuffer *tensor[SFM_EXPR_MAX_TENSORS]; // borrowed
    float scalar[SFM_EXPR_MAX_SCALARS];
} SfmFormula;

uint8_t sfm_formula_tensor(SfmFormula *f, SfmBuffer *buffer);
uint8_t sfm_formula_per_image(SfmFormula *f, SfmBuffer *buffer); // of [N, 1, 1, 1]
uint8_t sfm_formula_scalar(SfmFormula *f, double value);
uint8_t sfm_formula_op(SfmFormula *f, SfmExprKind kind, uint8_t a, uint8_t b);

// out = the last node.
bool sfm_formula_run(const SfmFormula *f, SfmRunner *runner, SfmBuffer *out, GError **error);

// out = a x, and out = a x + b y. `out` may be x or y.
bool sfm_formula_scale(SfmRunner *runner, SfmBuffer *out, double a, SfmBuffer *x, GError **error);
bool sfm_formula_mix(SfmRunner *runner, SfmBuffer *out, double a, SfmBuffer *x, double b,
                     SfmBuffer *y, GError **error);

#endif
