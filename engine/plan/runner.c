// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/runner.h"

bool sfm_weight_give(const SfmPlan *plan, uint32_t tensor, SfmWeightFunc give, void *user_data,
                     float *out, GError **error)
{
    for (uint32_t i = 0; i < sfm_plan_num_weights(plan, tensor); i++) {
        const SfmValueInfo *weight = sfm_plan_weight(plan, tensor, i);
        if (!give(user_data, weight->name, weight->shape, out, error))
            return false;
        out += sfm_shape_count(weight->shape);
    }
    return true;
}

void sfm_runner_free(SfmRunner *runner)
{
    if (runner)
        runner->class->free(runner);
}

SfmBuffer *sfm_buffer_new(SfmRunner *runner, SfmShape shape, GError **error)
{
    return runner->class->buffer_new(runner, shape, error);
}

void sfm_buffer_free(SfmRunner *runner, SfmBuffer *buffer)
{
    if (buffer)
        runner->class->buffer_free(runner, buffer);
}

size_t sfm_runner_reach(const SfmRunner *runner)
{
    return runner->target->max_block / sizeof(float);
}

size_t sfm_runner_small_part(const SfmRunner *runner)
{
    return MIN(sfm_runner_reach(runner), SFM_SMALL_PART);
}

SfmBuffer *sfm_buffer_part(SfmRunner *runner, SfmBuffer *buffer, size_t first, size_t count)
{
    g_assert(buffer->shape.dim[0] == 1);
    g_assert(first % sfm_runner_reach(runner) == 0 || first % SFM_SMALL_PART == 0);
    g_assert(first + count <= sfm_shape_count(buffer->shape));
    return runner->class->buffer_part(runner, buffer, first, count);
}

bool sfm_buffer_write(SfmRunner *runner, SfmBuffer *buffer, const float *data, GError **error)
{
    return runner->class->write(runner, buffer, data, error);
}

bool sfm_buffer_read(SfmRunner *runner, SfmBuffer *buffer, float *data, GError **error)
{
    return runner->class->read(runner, buffer, sfm_shape_count(buffer->shape), data, error);
}

bool sfm_buffer_read_first(SfmRunner *runner, SfmBuffer *buffer, size_t count, float *data,
                           GError **error)
{
    g_assert(count <= sfm_shape_count(buffer->shape));
    return runner->class->read(runner, buffer, count, data, error);
}

static bool fits(const char *op, const char *what, int i, const SfmBuffer *buffer, SfmShape want,
                 GError **error)
{
    if (sfm_shape_equal(buffer->shape, want))
        return true;
    const uint32_t *b = buffer->shape.dim, *w = want.dim;
    return sfm_fail(error, SFM_ERROR_BAD_SHAPE,
                    "%s: %s %d is [%u, %u, %u, %u], not [%u, %u, %u, %u]", op, what, i, b[0], b[1],
                    b[2], b[3], w[0], w[1], w[2], w[3]);
}

bool sfm_runner_call(SfmRunner *runner, const SfmCall *call, SfmBuffer *const out[],
                     SfmBuffer *const in[], GError **error)
{
    for (int i = 0; i < call->num_inputs; i++) {
        if (!fits(call->op->name, "input", i, in[i], call->in[i], error))
            return false;
    }
    for (int i = 0; i < call->op->num_outputs; i++) {
        if (!fits(call->op->name, "output", i, out[i], call->out[i], error))
            return false;
    }
    return runner->class->call(runner, call, out, in, error);
}

// Each tensor of the expression has out's shape or one value an image.
static bool operands_fit(const SfmExpr *expr, SfmBuffer *const in[], const SfmBuffer *out,
                         GError **error)
{
    const SfmShape per_image = SFM_SHAPE(out->shape.dim[0], 1, 1, 1);
    for (int i = 0; i < expr->num_nodes; i++) {
        const SfmExprNode *node = &expr->node[i];
        if (node->kind != SFM_EXPR_TENSOR && node->kind != SFM_EXPR_PER_IMAGE)
            continue;
        const SfmShape want = node->kind == SFM_EXPR_TENSOR ? out->shape : per_image;
        if (!fits("expression", "tensor", node->a, in[node->a], want, error))
            return false;
    }
    return true;
}

// What the image is one value of stays as it is.
static SfmBuffer *part_of(SfmRunner *runner, SfmBuffer *buffer, size_t first, size_t count)
{
    return buffer && sfm_shape_count(buffer->shape) > 1
               ? sfm_buffer_part(runner, buffer, first, count)
               : NULL;
}

static bool eval_part(SfmRunner *runner, const SfmExpr *expr, const float scalars[],
                      SfmBuffer *const in[], SfmBuffer *out, size_t first, size_t count,
                      GError **error)
{
    SfmBuffer *part[SFM_EXPR_MAX_TENSORS + 1] = { 0 }, *operand[SFM_EXPR_MAX_TENSORS] = { 0 };

    for (int i = 0; i < expr->num_tensors; i++) {
        part[i] = part_of(runner, in[i], first, count);
        operand[i] = part[i] ? part[i] : in[i];
    }
    part[expr->num_tensors] = part_of(runner, out, first, count);
    const bool ok =
        runner->class->eval(runner, expr, scalars, operand, part[expr->num_tensors], error);
    for (int i = 0; i <= expr->num_tensors; i++)
        sfm_buffer_free(runner, part[i]);
    return ok;
}

static bool eval_parts(SfmRunner *runner, const SfmExpr *expr, const float scalars[],
                       SfmBuffer *const in[], SfmBuffer *out, GError **error)
{
    const size_t count = sfm_shape_count(out->shape);
    const size_t most = sfm_runner_small_part(runner);

    for (size_t first = 0; first < count; first += most) {
        if (!sfm_cancel_check(runner->cancel, error) ||
            !eval_part(runner, expr, scalars, in, out, first, MIN(most, count - first), error))
            return false;
    }
    return true;
}

bool sfm_runner_eval(SfmRunner *runner, const SfmExpr *expr, const float scalars[],
                     SfmBuffer *const in[], SfmBuffer *out, GError **error)
{
    if (!sfm_expr_valid(expr))
        return sfm_fail(error, SFM_ERROR_BAD_SHAPE, "expression: malformed");
    if (!operands_fit(expr, in, out, error))
        return false;
    return out->shape.dim[0] == 1 && sfm_shape_count(out->shape) > sfm_runner_small_part(runner)
               ? eval_parts(runner, expr, scalars, in, out, error)
               : runner->class->eval(runner, expr, scalars, in, out, error);
}

SfmProgram *sfm_program_new(SfmRunner *runner, const SfmPlan *plan, SfmWeightFunc weights,
                            void *user_data, GError **error)
{
    return runner->class->program_new(runner, plan, weights, user_data, error);
}

void sfm_program_free(SfmRunner *runner, SfmProgram *program)
{
    if (program)
        runner->class->program_free(runner, program);
}

bool sfm_program_run(SfmRunner *runner, SfmProgram *program, SfmBuffer *const out[],
                     SfmBuffer *const in[], const SfmRunOptions *options, GError **error)
{
    return runner->class->program_run(runner, program, out, in, options, error);
}

bool sfm_program_time(SfmRunner *runner, SfmProgram *program, SfmProgramTimes *times,
                      GError **error)
{
    return runner->class->program_time(runner, program, times, error);
}

size_t sfm_runner_weight_bytes(SfmRunner *runner, const SfmPlan *plan)
{
    return runner->class->weight_bytes(runner, plan);
}

void sfm_runner_limit_memory(SfmRunner *runner, uint64_t bytes)
{
    if (runner->class->limit_memory)
        runner->class->limit_memory(runner, bytes);
}
