// SPDX-License-Identifier: GPL-3.0-or-later
#include "vk/runner.h"

#include <string.h>

#include "vk/eval.h"
#include "vk/program.h"
#include "vk/state.h"

bool sfm_vk_checked(SfmVkRunner *vk, bool ok, GError **error)
{
    return ok && sfm_instance_check(vk->dev->instance, error);
}

static void free_buffer(SfmRunner *runner, SfmBuffer *buffer)
{
    SfmVkBuffer *b = (SfmVkBuffer *)buffer;
    sfm_stream_retire(&sfm_vk_runner(runner)->stream, b->memory);
    g_free(b);
}

static bool check_size(SfmVkRunner *vk, size_t bytes, GError **error)
{
    if (bytes == 0)
        return sfm_fail(error, SFM_ERROR_BAD_SHAPE, "buffer: a tensor without elements");
    if (bytes > vk->base.target->max_block)
        return sfm_fail(error, SFM_ERROR_NO_MEMORY,
                        "buffer: a tensor of %zu bytes, and the device binds at most %zu", bytes,
                        vk->base.target->max_block);
    return true;
}

static SfmBuffer *new_buffer(SfmRunner *runner, SfmShape shape, GError **error)
{
    SfmVkRunner *vk = sfm_vk_runner(runner);
    size_t bytes;
    if (!sfm_shape_bytes(shape, "buffer", &bytes, error) || !check_size(vk, bytes, error))
        return NULL;

    SfmVkMemory *memory = sfm_vk_memory_new(vk->dev, SFM_VK_MEMORY_DEVICE, bytes, "buffer", error);
    if (!memory)
        return NULL;
    SfmVkBuffer *buffer = g_new0(SfmVkBuffer, 1);
    buffer->base.shape = shape;
    buffer->memory = memory;
    return &buffer->base;
}

static bool write_buffer(SfmRunner *runner, SfmBuffer *buffer, const float *data, GError **error)
{
    SfmVkRunner *vk = sfm_vk_runner(runner);
    SfmVkMemory *memory = ((SfmVkBuffer *)buffer)->memory;
    return sfm_vk_checked(vk, sfm_stream_write(&vk->stream, memory, 0, data, memory->size, error),
                          error);
}

static bool read_buffer(SfmRunner *runner, SfmBuffer *buffer, float *data, GError **error)
{
    SfmVkRunner *vk = sfm_vk_runner(runner);
    SfmVkMemory *memory = ((SfmVkBuffer *)buffer)->memory;
    return sfm_vk_checked(vk, sfm_stream_read(&vk->stream, memory, 0, data, memory->size, error),
                          error);
}

static bool run_call(SfmRunner *runner, const SfmCall *call, SfmBuffer *const out[],
                     SfmBuffer *const in[], GError **error)
{
    SfmVkRunner *vk = sfm_vk_runner(runner);
    SfmVkDispatch plain[SFM_MAX_DISPATCHES];
    sfm_vk_plain_dispatches(call, plain);

    SfmDispatch d = { .push_size = (uint32_t)plain->push_size };
    memcpy(d.groups, plain->groups, sizeof(d.groups));
    memcpy(d.push, plain->push, plain->push_size);
    for (int i = 0; i < plain->num_bindings; i++) {
        const SfmVkBinding *b = &plain->binding[i];
        d.range[i] = sfm_vk_buffer_range(b->kind == SFM_BIND_INPUT ? in[b->index] : out[b->index]);
        d.writes |= (uint32_t)(b->kind == SFM_BIND_OUTPUT) << i;
    }

    d.pipeline =
        sfm_pipelines_find(&vk->pipelines, plain->shader, (uint32_t)plain->num_bindings, 0, error);
    const SfmKernel *kernel = sfm_vk_plain_kernel(&vk->target, call->op);
    const double estimate = sfm_target_estimate(vk->base.target, kernel, call);
    const bool ok = d.pipeline && sfm_stream_launch(&vk->stream, &d, estimate, error);
    return sfm_vk_checked(vk, ok, error);
}

static void free_runner(SfmRunner *runner)
{
    SfmVkRunner *vk = sfm_vk_runner(runner);
    sfm_stream_clear(&vk->stream);
    sfm_pipelines_clear(&vk->pipelines);
    sfm_vk_target_clear(&vk->target);
    sfm_device_free(vk->dev);
    g_free(vk);
}

static const SfmRunnerClass vk_class = {
    .free = free_runner,
    .buffer_new = new_buffer,
    .buffer_free = free_buffer,
    .write = write_buffer,
    .read = read_buffer,
    .call = run_call,
    .eval = sfm_vk_eval,
    .program_new = sfm_vk_program_new,
    .program_free = sfm_vk_program_free,
    .program_run = sfm_vk_program_run,
    .program_time = sfm_vk_program_time,
    .weight_bytes = sfm_vk_program_weight_bytes,
};

static bool start(SfmVkRunner *vk, const SfmVkOptions *options, GError **error)
{
    SfmInstance *instance = sfm_instance_new(options->validate, error);
    vk->dev = instance ? sfm_device_new(instance, options->device, error) : NULL;
    if (!vk->dev)
        return false;

    sfm_pipelines_init(&vk->pipelines, vk->dev);
    sfm_vk_target_init(&vk->target, &vk->dev->physical);
    vk->base.target = &vk->target.target;
    vk->base.memory_free = sfm_device_memory_free(vk->dev);
    return sfm_vk_checked(vk, sfm_stream_init(&vk->stream, vk->dev, error), error);
}

SfmRunner *sfm_vk_runner_new(const SfmVkOptions *options, GError **error)
{
    const SfmVkOptions defaults = { 0 };
    SfmVkRunner *vk = g_new0(SfmVkRunner, 1);
    vk->base.class = &vk_class;

    if (!start(vk, options ? options : &defaults, error)) {
        free_runner(&vk->base);
        return NULL;
    }
    return &vk->base;
}

const char *sfm_vk_runner_device(const SfmRunner *runner)
{
    return ((const SfmVkRunner *)runner)->dev->physical.properties.deviceName;
}
