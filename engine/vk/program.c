// SPDX-License-Identifier: GPL-3.0-or-later
#include "vk/program.h"

#include <math.h>

#include "vk/check.h"
#include "vk/steps.h"

#define MAX_CHUNK 100.0 // milliseconds of estimated work in one submission
#define MAX_PARTS 16384 // of one dispatch: command buffers cost memory

// One command buffer: steps that are submitted together.
typedef struct {
    VkCommandBuffer cmd;
    double estimate; // milliseconds
} Chunk;

struct SfmProgram {
    SfmDevice *dev;      // borrowed
    const SfmPlan *plan; // borrowed
    SfmSteps steps;
    double max_chunk; // milliseconds of estimated work in one submission
    VkCommandPool pool;
    GArray *chunks;       // of Chunk; the pool owns their command buffers
    VkQueryPool queries;  // two timestamps; null where the device has none
    double *milliseconds; // by step, of program_time(); owned
    bool warm;            // the driver has compiled all it needs
};

void sfm_vk_program_free(SfmRunner *runner, SfmProgram *program)
{
    if (!program)
        return;
    SfmVkRunner *vk = sfm_vk_runner(runner);
    sfm_stream_flush(&vk->stream, NULL); // it may still copy from the arena
    vk->dev->fn.vkDestroyQueryPool(vk->dev->handle, program->queries, NULL);
    vk->dev->fn.vkDestroyCommandPool(vk->dev->handle, program->pool, NULL);
    sfm_steps_clear(&program->steps);
    g_clear_pointer(&program->chunks, g_array_unref);
    g_free(program->milliseconds);
    g_free(program);
    vk->base.memory_free = sfm_device_memory_free(vk->dev);
}

static bool make_pools(SfmProgram *program, GError **error)
{
    SfmDevice *dev = program->dev;
    const VkCommandPoolCreateInfo pool = {
        .sType = VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO,
        .queueFamilyIndex = (uint32_t)dev->physical.queue_family,
    };
    const VkQueryPoolCreateInfo queries = {
        .sType = VK_STRUCTURE_TYPE_QUERY_POOL_CREATE_INFO,
        .queryType = VK_QUERY_TYPE_TIMESTAMP,
        .queryCount = 2,
    };
    return VK(dev, error, vkCreateCommandPool, dev->handle, &pool, NULL, &program->pool) &&
           (dev->physical.timestamp_bits == 0 ||
            VK(dev, error, vkCreateQueryPool, dev->handle, &queries, NULL, &program->queries));
}

static VkCommandBuffer begin_chunk(SfmProgram *program, GError **error)
{
    SfmDevice *dev = program->dev;
    Chunk chunk = { 0 };
    const VkCommandBufferAllocateInfo buffer = {
        .sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO,
        .commandPool = program->pool,
        .level = VK_COMMAND_BUFFER_LEVEL_PRIMARY,
        .commandBufferCount = 1,
    };
    const VkCommandBufferBeginInfo begin = { .sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO };

    if (!VK(dev, error, vkAllocateCommandBuffers, dev->handle, &buffer, &chunk.cmd) ||
        !VK(dev, error, vkBeginCommandBuffer, chunk.cmd, &begin))
        return VK_NULL_HANDLE;
    sfm_barrier_record(dev, chunk.cmd);
    g_array_append_val(program->chunks, chunk);
    return chunk.cmd;
}

// The step behind the last of the chunk that begins with `first`: as many as fit.
static uint32_t chunk_end(const SfmPlan *plan, uint32_t first, double max_chunk, double *estimate)
{
    uint32_t end = first;
    *estimate = 0;
    do {
        *estimate += sfm_plan_step(plan, end)->estimate;
        end++;
    } while (end < sfm_plan_num_steps(plan) &&
             *estimate + sfm_plan_step(plan, end)->estimate <= max_chunk);
    return end;
}

static bool record_chunk(SfmProgram *program, uint32_t first, uint32_t end, double estimate,
                         SfmHazards *hazards, GError **error)
{
    const VkCommandBuffer cmd = begin_chunk(program, error);
    if (!cmd)
        return false;

    g_array_index(program->chunks, Chunk, program->chunks->len - 1).estimate = estimate;
    sfm_hazards_forget(hazards);
    for (uint32_t s = first; s < end; s++)
        sfm_steps_record(&program->steps, s, hazards, program->dev, cmd);
    return VK(program->dev, error, vkEndCommandBuffer, cmd);
}

// Parts first .. end - 1 of a dispatch as a chunk of their own, which begins
// behind all that came before.
static bool record_parts(SfmProgram *program, const SfmDispatch *d, uint32_t first, uint32_t end,
                         double estimate, GError **error)
{
    const VkCommandBuffer cmd = begin_chunk(program, error);
    if (!cmd)
        return false;

    g_array_index(program->chunks, Chunk, program->chunks->len - 1).estimate = estimate;
    sfm_dispatch_record_parts(program->dev, cmd, d, first, end);
    return VK(program->dev, error, vkEndCommandBuffer, cmd);
}

// A dispatch whose share of its step is not known: as if it were all of it.
static bool record_dispatch_in_parts(SfmProgram *program, const SfmDispatch *d, double estimate,
                                     double share, GError **error)
{
    const uint32_t num_parts = sfm_dispatch_num_parts(d);
    const uint32_t most = MAX(1, MIN(num_parts, MAX_PARTS));
    const double wanted = ceil(estimate / program->max_chunk);
    const uint32_t num = wanted < most ? (uint32_t)wanted : most;

    for (uint32_t i = 0; i < num; i++) {
        const uint32_t first = (uint32_t)((uint64_t)num_parts * i / num);
        const uint32_t end = (uint32_t)((uint64_t)num_parts * (i + 1) / num);
        if (!record_parts(program, d, first, end, share / num, error))
            return false;
    }
    return true;
}

// One step that alone is too long.
static bool record_step_in_parts(SfmProgram *program, uint32_t step, double estimate,
                                 GError **error)
{
    uint32_t num;
    const SfmDispatch *dispatches = sfm_steps_dispatches(&program->steps, step, &num);

    for (uint32_t i = 0; i < num; i++) {
        if (!record_dispatch_in_parts(program, &dispatches[i], estimate, estimate / num, error))
            return false;
    }
    return true;
}

static bool record(SfmProgram *program, GError **error)
{
    SfmHazards hazards;
    bool ok = true;

    sfm_hazards_init(&hazards);
    for (uint32_t first = 0; ok && first < sfm_plan_num_steps(program->plan);) {
        double estimate;
        const uint32_t end = chunk_end(program->plan, first, program->max_chunk, &estimate);
        ok = estimate > program->max_chunk
                 ? record_step_in_parts(program, first, estimate, error)
                 : record_chunk(program, first, end, estimate, &hazards, error);
        first = end;
    }
    sfm_hazards_clear(&hazards);
    return ok;
}

SfmProgram *sfm_vk_program_new(SfmRunner *runner, const SfmPlan *plan, SfmWeightFunc weights,
                               void *user_data, GError **error)
{
    SfmVkRunner *vk = sfm_vk_runner(runner);
    SfmProgram *program = g_new0(SfmProgram, 1);
    program->dev = vk->dev;
    program->plan = plan;
    program->max_chunk = vk->max_chunk > 0 ? vk->max_chunk : MAX_CHUNK;
    program->chunks = g_array_new(FALSE, FALSE, sizeof(Chunk));
    program->milliseconds = g_new0(double, sfm_plan_num_steps(plan) + 1);

    const bool ok = make_pools(program, error) &&
                    sfm_steps_init(&program->steps, vk, plan, weights, user_data, error) &&
                    record(program, error);
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

static bool warm_up(SfmVkRunner *vk, SfmProgram *program, SfmCancel *cancel, GError **error)
{
    if (!program->warm)
        program->warm = sfm_steps_warm(&program->steps, vk, cancel, error);
    return program->warm;
}

static bool run_chunks(SfmVkRunner *vk, SfmProgram *program, const SfmRunOptions *options,
                       GError **error)
{
    const double total = sfm_plan_estimate(program->plan);
    double done = 0;

    for (guint i = 0; i < program->chunks->len; i++) {
        const Chunk *chunk = &g_array_index(program->chunks, Chunk, i);
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
    const bool ok = warm_up(vk, program, how->cancel, error) && copy_in(vk, program, in, error) &&
                    run_chunks(vk, program, how, error) && copy_out(vk, program, out, error);
    return sfm_vk_checked(vk, ok, error);
}

static bool read_timer(SfmProgram *program, double *milliseconds, GError **error)
{
    uint64_t ticks[2];
    SfmDevice *dev = program->dev;
    if (!VK(dev, error, vkGetQueryPoolResults, dev->handle, program->queries, 0, 2, sizeof(ticks),
            ticks, sizeof(ticks[0]), VK_QUERY_RESULT_64_BIT | VK_QUERY_RESULT_WAIT_BIT))
        return false;

    const uint32_t bits = dev->physical.timestamp_bits;
    const uint64_t mask = bits < 64 ? ((uint64_t)1 << bits) - 1 : UINT64_MAX;
    const double period = (double)dev->physical.properties.limits.timestampPeriod; // nanoseconds
    *milliseconds = (double)((ticks[1] - ticks[0]) & mask) * period / 1e6;
    return true;
}

static void stamp(SfmProgram *program, VkCommandBuffer cmd, uint32_t query)
{
    if (program->queries)
        program->dev->fn.vkCmdWriteTimestamp(cmd, VK_PIPELINE_STAGE_BOTTOM_OF_PIPE_BIT,
                                             program->queries, query);
}

// By the device's clock, or by the host's where the device has none.
static bool time_step(SfmVkRunner *vk, SfmProgram *program, uint32_t step, GError **error)
{
    if (!sfm_stream_flush(&vk->stream, error))
        return false;
    const VkCommandBuffer cmd = sfm_stream_open(&vk->stream, error);
    if (!cmd)
        return false;

    if (program->queries)
        vk->dev->fn.vkCmdResetQueryPool(cmd, program->queries, 0, 2);
    stamp(program, cmd, 0);
    sfm_steps_record(&program->steps, step, &vk->stream.hazards, vk->dev, cmd);
    stamp(program, cmd, 1);

    const gint64 start = g_get_monotonic_time();
    if (!sfm_stream_flush(&vk->stream, error))
        return false;
    program->milliseconds[step] = (double)(g_get_monotonic_time() - start) / 1000.0;
    return !program->queries || read_timer(program, &program->milliseconds[step], error);
}

bool sfm_vk_program_time(SfmRunner *runner, SfmProgram *program, SfmProgramTimes *times,
                         GError **error)
{
    SfmVkRunner *vk = sfm_vk_runner(runner);
    bool ok = true;

    times->num_steps = sfm_plan_num_steps(program->plan);
    times->milliseconds = program->milliseconds;
    for (uint32_t s = 0; ok && s < times->num_steps; s++)
        ok = time_step(vk, program, s, error);
    return sfm_vk_checked(vk, ok, error);
}
