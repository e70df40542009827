// SPDX-License-Identifier: GPL-3.0-or-later
#include "vk/program.h"

#include "vk/times.h"

#define MAX_CHUNK 100.0 // milliseconds of estimated work in one submission

struct SfmProgram {
    SfmDevice *dev;      // borrowed
    const SfmPlan *plan; // borrowed
    SfmSteps steps;
    double max_chunk; // milliseconds of estimated work in one submission
    SfmRecording recording;
    bool warm; // the driver has compiled all it needs
    SfmTimes times;
};

void sfm_vk_program_free(SfmRunner *runner, SfmProgram *program)
{
    if (!program)
        return;
    SfmVkRunner *vk = sfm_vk_runner(runner);
    sfm_stream_flush(&vk->stream, NULL); // it may still copy from the arena
    sfm_times_clear(&program->times);
    sfm_recording_clear(&program->recording);
    sfm_steps_clear(&program->steps);
    g_free(program);
    vk->base.memory_free = sfm_device_memory_free(vk->dev);
}

static bool make_recording(SfmProgram *program, GError **error)
{
    program->recording = (SfmRecording){
        .dev = program->dev,
        .plan = program->plan,
        .steps = &program->steps,
    };
    return sfm_recording_make(&program->recording, program->max_chunk, error);
}

SfmProgram *sfm_vk_program_new(SfmRunner *runner, const SfmPlan *plan, SfmWeightFunc weights,
                               void *user_data, GError **error)
{
    SfmVkRunner *vk = sfm_vk_runner(runner);
    SfmProgram *program = g_new0(SfmProgram, 1);
    program->dev = vk->dev;
    program->plan = plan;
    program->max_chunk = vk->max_chunk > 0 ? vk->max_chunk : MAX_CHUNK;

    const bool ok = sfm_vk_drop_spare(vk, error) &&
                    sfm_steps_init(&program->steps, vk, plan, weights, user_data, error) &&
                    make_recording(program, error);
    if (!sfm_vk_checked(vk, ok, error)) {
        sfm_vk_program_free(runner, program);
        return NULL;
    }
    vk->base.memory_free = sfm_device_memory_free(vk->dev);
    return program;
}

static bool copy_in(SfmVkRunner *vk, SfmProgram *program, SfmBuffer *const in[], GError **error)
{
    for (uint32_t i = 0; i < sfm_plan_num_inputs(program->plan); i++) {
        const SfmPlanTensor *t = sfm_plan_tensor(program->plan, sfm_plan_input(program->plan, i));
        const SfmRange from = sfm_vk_buffer_range(in[i]);
        const SfmRange to = sfm_steps_range(&program->steps, t);
        if (!sfm_stream_copy(&vk->stream, &to, &from, error))
            return false;
    }
    return true;
}

static bool copy_out(SfmVkRunner *vk, SfmProgram *program, SfmBuffer *const out[], GError **error)
{
    for (uint32_t i = 0; i < sfm_plan_num_outputs(program->plan); i++) {
        const SfmPlanTensor *t = sfm_plan_tensor(program->plan, sfm_plan_output(program->plan, i));
        const SfmRange from = sfm_steps_range(&program->steps, t);
        const SfmRange to = sfm_vk_buffer_range(out[i]);
        if (!sfm_stream_copy(&vk->stream, &to, &from, error))
            return false;
    }
    return true;
}

static bool warm_up(SfmVkRunner *vk, SfmProgram *program, const SfmRunOptions *options,
                    GError **error)
{
    if (!program->warm)
        program->warm = sfm_steps_warm(&program->steps, vk, options, error);
    return program->warm;
}

static bool run_chunks(SfmVkRunner *vk, const SfmRecording *recording, const SfmRunOptions *options,
                       GError **error)
{
    const double total = sfm_plan_estimate(recording->plan);
    double done = 0;

    for (guint i = 0; i < recording->chunks->len; i++) {
        const SfmChunk *chunk = &g_array_index(recording->chunks, SfmChunk, i);
        if (!sfm_cancel_check(options->cancel, error) ||
            !sfm_stream_run(&vk->stream, chunk->cmd, chunk->estimate, error))
            return false;
        done += chunk->estimate;
        if (options->progress)
            options->progress(options->user_data, MIN(done, total), total);
    }
    return true;
}

bool sfm_vk_program_run(SfmRunner *runner, SfmProgram *program, SfmBuffer *const out[],
                        SfmBuffer *const in[], const SfmRunOptions *options, GError **error)
{
    SfmVkRunner *vk = sfm_vk_runner(runner);
    const SfmRunOptions defaults = { 0 };
    const SfmRunOptions *how = options ? options : &defaults;
    const bool ok = warm_up(vk, program, how, error) && copy_in(vk, program, in, error) &&
                    run_chunks(vk, &program->recording, how, error) &&
                    copy_out(vk, program, out, error);
    return sfm_vk_checked(vk, ok, error);
}

bool sfm_vk_program_time(SfmRunner *runner, SfmProgram *program, SfmProgramTimes *times,
                         GError **error)
{
    SfmVkRunner *vk = sfm_vk_runner(runner);
    const bool ok =
        warm_up(vk, program, &(SfmRunOptions){ 0 }, error) &&
        sfm_times_take(&program->times, vk, &program->recording, program->max_chunk, error);

    sfm_times_show(&program->times, &program->recording, times);
    return sfm_vk_checked(vk, ok, error);
}
