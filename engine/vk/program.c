// SPDX-License-Identifier: GPL-3.0-or-later
#include "vk/program.h"

#include "base/cpu_time.h"
#include "vk/recording.h"

#define MAX_CHUNK 100.0 // milliseconds of estimated work in one submission

struct SfmProgram {
    SfmDevice *dev;      // borrowed
    const SfmPlan *plan; // borrowed
    SfmSteps steps;
    double max_chunk; // milliseconds of estimated work in one submission
    SfmRecording recording;
    bool warm; // the driver has compiled all it needs

    // Of program_time().
    SfmStamps stamps;
    SfmRecording stamped;                    // made when it is asked for
    double *milliseconds, *cpu_milliseconds; // by step; owned
    uint32_t *num_dispatches;                // likewise
};

void sfm_vk_program_free(SfmRunner *runner, SfmProgram *program)
{
    if (!program)
        return;
    SfmVkRunner *vk = sfm_vk_runner(runner);
    sfm_stream_flush(&vk->stream, NULL); // it may still copy from the arena
    sfm_recording_clear(&program->stamped);
    sfm_stamps_clear(&program->stamps);
    sfm_recording_clear(&program->recording);
    sfm_steps_clear(&program->steps);
    g_free(program->milliseconds);
    g_free(program->cpu_milliseconds);
    g_free(program->num_dispatches);
    g_free(program);
    vk->base.memory_free = sfm_device_memory_free(vk->dev);
}

static bool make_recording(SfmProgram *program, SfmRecording *recording, SfmStamps *stamps,
                           GError **error)
{
    *recording = (SfmRecording){
        .dev = program->dev, .plan = program->plan, .steps = &program->steps, .stamps = stamps
    };
    return sfm_recording_make(recording, program->max_chunk, error);
}

SfmProgram *sfm_vk_program_new(SfmRunner *runner, const SfmPlan *plan, SfmWeightFunc weights,
                               void *user_data, GError **error)
{
    SfmVkRunner *vk = sfm_vk_runner(runner);
    SfmProgram *program = g_new0(SfmProgram, 1);
    program->dev = vk->dev;
    program->plan = plan;
    program->max_chunk = vk->max_chunk > 0 ? vk->max_chunk : MAX_CHUNK;
    program->milliseconds = g_new0(double, sfm_plan_num_steps(plan) + 1);
    program->cpu_milliseconds = g_new0(double, sfm_plan_num_steps(plan) + 1);
    program->num_dispatches = g_new0(uint32_t, sfm_plan_num_steps(plan) + 1);

    const bool ok = sfm_steps_init(&program->steps, vk, plan, weights, user_data, error) &&
                    make_recording(program, &program->recording, NULL, error);
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

// ---- times ------------------------------------------------------------------

// At most one look a step, and two for each command buffer: where it begins, and
// where the part of a step ends.
static bool make_stamped(SfmProgram *program, GError **error)
{
    const uint32_t most = sfm_plan_num_steps(program->plan) + 2 * program->recording.chunks->len;

    const bool ok = sfm_stamps_init(&program->stamps, program->dev, most, error) &&
                    make_recording(program, &program->stamped, &program->stamps, error);
    if (!ok) {
        sfm_recording_clear(&program->stamped);
        sfm_stamps_clear(&program->stamps);
    }
    return ok;
}

// As they run in an evaluation, one behind the other.
static bool time_together(SfmVkRunner *vk, SfmProgram *program, GError **error)
{
    const SfmRunOptions options = { 0 };

    if (!program->stamped.chunks && !make_stamped(program, error))
        return false;
    if (!sfm_stamps_tick(&program->stamps))
        return true;
    return run_chunks(vk, &program->stamped, &options, error) &&
           sfm_stamps_read(&program->stamps, program->milliseconds,
                           sfm_plan_num_steps(program->plan), error);
}

// A step by itself: what the process spends on it, and, where the device has no
// clock, how long the host waits.
static bool time_alone(SfmVkRunner *vk, SfmProgram *program, uint32_t step, GError **error)
{
    if (!sfm_stream_flush(&vk->stream, error))
        return false;
    const VkCommandBuffer cmd = sfm_stream_open(&vk->stream, error);
    if (!cmd)
        return false;
    sfm_steps_record(&program->steps, step, &vk->stream.hazards, vk->dev, cmd);

    const gint64 start = g_get_monotonic_time();
    const double cpu_start = sfm_cpu_milliseconds();
    if (!sfm_stream_flush(&vk->stream, error))
        return false;
    program->cpu_milliseconds[step] = sfm_cpu_milliseconds() - cpu_start;
    if (!sfm_stamps_tick(&program->stamps))
        program->milliseconds[step] = (double)(g_get_monotonic_time() - start) / 1000.0;
    return true;
}

bool sfm_vk_program_time(SfmRunner *runner, SfmProgram *program, SfmProgramTimes *times,
                         GError **error)
{
    SfmVkRunner *vk = sfm_vk_runner(runner);
    const uint32_t num_steps = sfm_plan_num_steps(program->plan);
    bool ok =
        warm_up(vk, program, &(SfmRunOptions){ 0 }, error) && time_together(vk, program, error);

    for (uint32_t s = 0; ok && s < num_steps; s++) {
        sfm_steps_dispatches(&program->steps, s, &program->num_dispatches[s]);
        ok = time_alone(vk, program, s, error);
    }
    *times = (SfmProgramTimes){
        .num_steps = num_steps,
        .milliseconds = program->milliseconds,
        .cpu_milliseconds = program->cpu_milliseconds,
        .num_dispatches = program->num_dispatches,
        .num_barriers = program->recording.num_barriers,
        .num_submissions = program->recording.chunks->len,
    };
    return sfm_vk_checked(vk, ok, error);
}
