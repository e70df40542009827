// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/formula.h"

static uint8_t append(SfmFormula *f, SfmExprKind kind, uint8_t a, uint8_t b)
{
    g_assert(f->expr.num_nodes < SFM_EXPR_MAX_NODES);
    f->expr.node[f->expr.num_nodes] = (SfmExprNode){ .kind = (uint8_t)kind, .a = a, .b = b };
    return (uint8_t)f->expr.num_nodes++;
}

static uint8_t append_tensor(SfmFormula *f, SfmExprKind kind, SfmBuffer *buffer)
{
    g_assert(f->expr.num_tensors < SFM_EXPR_MAX_TENSORS);
    f->tensor[f->expr.num_tensors] = buffer;
    return append(f, kind, (uint8_t)f->expr.num_tensors++, 0);
}

uint8_t sfm_formula_tensor(SfmFormula *f, SfmBuffer *buffer)
{
    return append_tensor(f, SFM_EXPR_TENSOR, buffer);
}

uint8_t sfm_formula_per_image(SfmFormula *f, SfmBuffer *buffer)
{
    return append_tensor(f, SFM_EXPR_PER_IMAGE, buffer);
}

uint8_t sfm_formula_scalar(SfmFormula *f, double value)
{
    g_assert(f->expr.num_scalars < SFM_EXPR_MAX_SCALARS);
    f->scalar[f->expr.num_scalars] = (float)value;
    return append(f, SFM_EXPR_SCALAR, (uint8_t)f->expr.num_scalars++, 0);
}

uint8_t sfm_formula_op(SfmFormula *f, SfmExprKind kind, uint8_t a, uint8_t b)
{
    return append(f, kind, a, b);
}

bool sfm_formula_run(const SfmFormula *f, SfmRunner *runner, SfmBuffer *out, GError **error)
{
    return sfm_runner_eval(runner, &f->expr, f->scalar, f->tensor, out, error);
}

bool sfm_formula_scale(SfmRunner *runner, SfmBuffer *out, double a, SfmBuffer *x, GError **error)
{
    SfmFormula f = { 0 };

    sfm_formula_op(&f, SFM_EXPR_MUL, sfm_formula_scalar(&f, a), sfm_formula_tensor(&f, x));
    return sfm_formula_run(&f, runner, out, error);
}

bool sfm_formula_mix(SfmRunner *runner, SfmBuffer *out, double a, SfmBuffer *x, double b,
                     SfmBuffer *y, GError **error)
{
    SfmFormula f = { 0 };
    const uint8_t ax =
        sfm_formula_op(&f, SFM_EXPR_MUL, sfm_formula_scalar(&f, a), sfm_formula_tensor(&f, x));
    const uint8_t by =
        sfm_formula_op(&f, SFM_EXPR_MUL, sfm_formula_scalar(&f, b), sfm_formula_tensor(&f, y));

    sfm_formula_op(&f, SFM_EXPR_ADD, ax, by);
    return sfm_formula_run(&f, runner, out, error);
}
