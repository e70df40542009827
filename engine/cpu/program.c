// SPDX-License-Identifier: GPL-3.0-or-later
#include "cpu/program.h"

#include <string.h>

#include "base/cpu_time.h"

struct SfmProgram {
    const SfmPlan *plan;     // borrowed
    GPtrArray *blocks;       // of the arena, owned
    GHashTable *weights;     // SfmValue -> floats, owned
    SfmLaunchTime *launches; // one a step, of program_time(); owned
    uint32_t *first;         // likewise: which is its own
};

void sfm_cpu_program_free(SfmRunner *runner, SfmProgram *program)
{
    if (!program)
        return;
    g_ptr_array_unref(program->blocks);
    g_hash_table_unref(program->weights);
    g_free(program->launches);
    g_free(program->first);
    g_free(program);
}

static bool make_blocks(SfmProgram *program, GError **error)
{
    for (int i = 0; i < sfm_plan_num_blocks(program->plan); i++) {
        const size_t size = sfm_plan_block_size(program->plan, i);
        void *block = g_try_malloc0(size);
        if (!block && size > 0)
            return sfm_fail(error, SFM_ERROR_NO_MEMORY, "arena: no memory for %zu bytes", size);
        g_ptr_array_add(program->blocks, block);
    }
    return true;
}

static bool load_weights(SfmProgram *program, SfmWeightFunc weights, void *user_data,
                         GError **error)
{
    for (uint32_t i = 0; i < sfm_plan_num_tensors(program->plan); i++) {
        const SfmPlanTensor *t = sfm_plan_tensor(program->plan, i);
        if (t->block >= 0)
            continue;
        const char *name = sfm_plan_weight(program->plan, i, 0)->name;
        g_autofree float *data = g_try_malloc(t->size);
        if (!data)
            return sfm_fail(error, SFM_ERROR_NO_MEMORY, "%s: no memory for %zu bytes", name,
                            t->size);
        if (!sfm_weight_give(program->plan, i, weights, user_data, data, error))
            return false;
        g_hash_table_insert(program->weights, GUINT_TO_POINTER(t->value), g_steal_pointer(&data));
    }
    return true;
}

SfmProgram *sfm_cpu_program_new(SfmRunner *runner, const SfmPlan *plan, SfmWeightFunc weights,
                                void *user_data, GError **error)
{
    SfmProgram *program = g_new0(SfmProgram, 1);
    program->plan = plan;
    program->blocks = g_ptr_array_new_with_free_func(g_free);
    program->weights = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    program->launches = g_new0(SfmLaunchTime, sfm_plan_num_steps(plan) + 1);
    program->first = g_new0(uint32_t, sfm_plan_num_steps(plan) + 1);

    if (!make_blocks(program, error) || !load_weights(program, weights, user_data, error)) {
        sfm_cpu_program_free(runner, program);
        return NULL;
    }
    return program;
}

static float *tensor_data(SfmProgram *program, uint32_t index)
{
    const SfmPlanTensor *t = sfm_plan_tensor(program->plan, index);
    if (t->block < 0)
        return g_hash_table_lookup(program->weights, GUINT_TO_POINTER(t->value));
    return (float *)(void *)((guint8 *)program->blocks->pdata[t->block] + t->offset);
}

static void run_step(SfmProgram *program, const SfmPlanStep *step)
{
    float *out[SFM_MAX_OUTPUTS] = { 0 };
    const float *in[SFM_MAX_INPUTS] = { 0 };

    for (int i = 0; i < step->call.op->num_outputs; i++)
        out[i] = tensor_data(program, step->out[i]);
    for (int i = 0; i < step->call.num_inputs; i++)
        in[i] = tensor_data(program, step->in[i]);
    step->call.op->reference(&step->call, out, in);
}

static bool run_steps(SfmProgram *program, const SfmRunOptions *options, GError **error)
{
    const double total = sfm_plan_estimate(program->plan);
    double done = 0;

    for (uint32_t i = 0; i < sfm_plan_num_steps(program->plan); i++) {
        const SfmPlanStep *step = sfm_plan_step(program->plan, i);
        if (options && !sfm_cancel_check(options->cancel, error))
            return false;
        run_step(program, step);
        done += step->estimate;
        if (options && options->progress)
            options->progress(options->user_data, done, total);
    }
    return true;
}

bool sfm_cpu_program_run(SfmRunner *runner, SfmProgram *program, SfmBuffer *const out[],
                         SfmBuffer *const in[], const SfmRunOptions *options, GError **error)
{
    const SfmPlan *plan = program->plan;
    for (uint32_t i = 0; i < sfm_plan_num_inputs(plan); i++) {
        if (!sfm_buffer_read(runner, in[i], tensor_data(program, sfm_plan_input(plan, i)), error))
            return false;
    }
    if (!run_steps(program, options, error))
        return false;
    for (uint32_t i = 0; i < sfm_plan_num_outputs(plan); i++) {
        const float *data = tensor_data(program, sfm_plan_output(plan, i));
        if (!sfm_buffer_write(runner, out[i], data, error))
            return false;
    }
    return true;
}

static SfmLaunchTime time_step(SfmProgram *program, const SfmPlanStep *step)
{
    const gint64 start = g_get_monotonic_time();
    const double cpu_start = sfm_cpu_milliseconds();

    run_step(program, step);
    return (SfmLaunchTime){
        .shader = step->kernel->name,
        .milliseconds = (double)(g_get_monotonic_time() - start) / 1000.0,
        .cpu_milliseconds = sfm_cpu_milliseconds() - cpu_start,
    };
}

bool sfm_cpu_program_time(SfmRunner *runner, SfmProgram *program, SfmProgramTimes *times,
                          GError **error)
{
    const uint32_t num_steps = sfm_plan_num_steps(program->plan);

    for (uint32_t i = 0; i < num_steps; i++) {
        program->launches[i] = time_step(program, sfm_plan_step(program->plan, i));
        program->first[i + 1] = i + 1;
    }
    *times = (SfmProgramTimes){
        .num_steps = num_steps,
        .first = program->first,
        .launches = program->launches,
    };
    return true;
}

size_t sfm_cpu_weight_bytes(SfmRunner *runner, const SfmPlan *plan)
{
    size_t bytes = 0;

    for (uint32_t i = 0; i < sfm_plan_num_tensors(plan); i++) {
        const SfmPlanTensor *t = sfm_plan_tensor(plan, i);
        bytes += t->block < 0 ? t->size : 0;
    }
    return bytes;
}
