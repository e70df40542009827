// SPDX-License-Identifier: GPL-3.0-or-later
#include "vk/runner.h"

#include <string.h>

#include "vk/eval.h"
#include "vk/program.h"
#include "vk/state.h"
#include "vk/weights.h"

bool sfm_vk_checked(SfmVkRunner *vk, bool ok, GError **error)
{
    return ok && sfm_instance_check(vk->dev->instance, error);
}

// A job makes and drops the same few tensors again and again, and a driver may
// take longer over an allocation than over what is done with it. Work comes to
// the queue in order, so that memory may be given out again while the device
// still uses it. It is given back where memory is short, when a program is made,
// and behind a job.
#define MAX_SPARE 32

static SfmVkMemory *take_spare(SfmVkRunner *vk, size_t size)
{
    for (guint i = vk->spare->len; i-- > 0;) {
        SfmVkMemory *memory = vk->spare->pdata[i];
        if (memory->size == size)
            return g_ptr_array_steal_index_fast(vk->spare, i);
    }
    return NULL;
}

static void free_buffer(SfmRunner *runner, SfmBuffer *buffer)
{
    SfmVkRunner *vk = sfm_vk_runner(runner);
    SfmVkBuffer *b = (SfmVkBuffer *)buffer;

    if (b->is_part) {
        g_free(b);
        return;
    }
    if (vk->spare->len < MAX_SPARE)
        g_ptr_array_add(vk->spare, b->memory);
    else
        sfm_stream_retire(&vk->stream, b->memory);
    g_free(b);
}

static void free_memory(gpointer memory)
{
    sfm_vk_memory_free(memory);
}

// What is larger than a kernel's reach is gone through part by part, and so must
// be of one image: its parts begin where the device can bind them.
static size_t largest(const SfmVkRunner *vk, SfmShape shape)
{
    const uint64_t allocation = vk->dev->physical.sizes.maxMemoryAllocationSize;

    return shape.dim[0] == 1 && allocation > 0 ? (size_t)MIN(allocation, SIZE_MAX)
                                               : vk->base.target->max_block;
}

static bool check_size(size_t bytes, size_t most, GError **error)
{
    if (bytes == 0)
        return sfm_fail(error, SFM_ERROR_BAD_SHAPE, "buffer: a tensor without elements");
    return bytes <= most || sfm_fail(error, SFM_ERROR_NO_MEMORY,
                                     "buffer: a tensor of %zu bytes, and the device takes at most "
                                     "%zu",
                                     bytes, most);
}

static SfmBuffer *wrap_memory(SfmVkMemory *memory, SfmShape shape)
{
    SfmVkBuffer *buffer = g_new(SfmVkBuffer, 1);

    *buffer = (SfmVkBuffer){ .base = { shape }, .memory = memory, .size = memory->size };
    return &buffer->base;
}

bool sfm_vk_drop_spare(SfmVkRunner *vk, GError **error)
{
    const bool done = sfm_stream_flush(&vk->stream, error); // it may still use them
    g_ptr_array_set_size(vk->spare, 0);
    return done;
}

static SfmVkMemory *make_memory(SfmVkRunner *vk, size_t size, GError **error)
{
    g_autoptr(GError) why = NULL;
    SfmVkMemory *memory = sfm_vk_memory_new(vk->dev, SFM_VK_MEMORY_DEVICE, size, "buffer", &why);

    if (!memory && vk->spare->len > 0)
        return sfm_vk_drop_spare(vk, error)
                   ? sfm_vk_memory_new(vk->dev, SFM_VK_MEMORY_DEVICE, size, "buffer", error)
                   : NULL;
    if (!memory)
        g_propagate_error(error, g_steal_pointer(&why));
    return memory;
}

static SfmBuffer *new_buffer(SfmRunner *runner, SfmShape shape, GError **error)
{
    SfmVkRunner *vk = sfm_vk_runner(runner);
    size_t bytes;
    if (!sfm_shape_bytes(shape, "buffer", &bytes, error) ||
        !check_size(bytes, largest(vk, shape), error))
        return NULL;

    SfmVkMemory *memory = take_spare(vk, bytes);
    if (!memory)
        memory = make_memory(vk, bytes, error);
    return memory ? wrap_memory(memory, shape) : NULL;
}

static SfmBuffer *part_of_buffer(SfmRunner *runner, SfmBuffer *buffer, size_t first, size_t count)
{
    const SfmVkBuffer *whole = (const SfmVkBuffer *)buffer;
    SfmVkBuffer *part = g_new(SfmVkBuffer, 1);

    *part = (SfmVkBuffer){
        .base = { SFM_SHAPE(1, 1, 1, (uint32_t)count) },
        .memory = whole->memory,
        .offset = whole->offset + first * sizeof(float),
        .size = count * sizeof(float),
        .is_part = true,
    };
    return &part->base;
}

static bool write_buffer(SfmRunner *runner, SfmBuffer *buffer, const float *data, GError **error)
{
    SfmVkRunner *vk = sfm_vk_runner(runner);
    const SfmVkBuffer *b = (const SfmVkBuffer *)buffer;
    return sfm_vk_checked(
        vk, sfm_stream_write(&vk->stream, b->memory, b->offset, data, b->size, error), error);
}

static bool read_buffer(SfmRunner *runner, SfmBuffer *buffer, size_t count, float *data,
                        GError **error)
{
    SfmVkRunner *vk = sfm_vk_runner(runner);
    const SfmVkBuffer *b = (const SfmVkBuffer *)buffer;
    const size_t size = count * sizeof(float);
    return sfm_vk_checked(vk, sfm_stream_read(&vk->stream, b->memory, b->offset, data, size, error),
                          error);
}

// An op that is not element by element sees all of its tensors at once.
static bool check_reach(const SfmVkRunner *vk, const SfmCall *call, size_t size, GError **error)
{
    return size <= vk->base.target->max_block ||
           sfm_fail(error, SFM_ERROR_NO_MEMORY,
                    "%s: looks at a whole tensor of %zu bytes, and the device binds at most %zu",
                    call->op->name, size, vk->base.target->max_block);
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
        if (!check_reach(vk, call, d.range[i].size, error))
            return false;
    }

    d.pipeline =
        sfm_pipelines_find(&vk->pipelines, plain->shader, (uint32_t)plain->num_bindings, 0, error);
    const SfmKernel *kernel = sfm_vk_plain_kernel(&vk->target, call->op);
    const double estimate = sfm_target_estimate(vk->base.target, kernel, call);
    const bool ok = d.pipeline && sfm_stream_launch(&vk->stream, &d, estimate, error);
    return sfm_vk_checked(vk, ok, error);
}

static void limit_memory(SfmRunner *runner, uint64_t bytes)
{
    SfmVkRunner *vk = sfm_vk_runner(runner);

    sfm_vk_drop_spare(vk, NULL);
    vk->dev->limit = bytes;
    vk->base.memory_free = sfm_device_memory_free(vk->dev);
}

static void free_runner(SfmRunner *runner)
{
    SfmVkRunner *vk = sfm_vk_runner(runner);
    sfm_stream_clear(&vk->stream);
    g_ptr_array_unref(vk->spare);
    sfm_pipelines_clear(&vk->pipelines);
    sfm_vk_target_clear(&vk->target);
    sfm_device_free(vk->dev);
    g_free(vk);
}

static const SfmRunnerClass vk_class = {
    .free = free_runner,
    .buffer_new = new_buffer,
    .buffer_part = part_of_buffer,
    .buffer_free = free_buffer,
    .write = write_buffer,
    .read = read_buffer,
    .call = run_call,
    .eval = sfm_vk_eval,
    .program_new = sfm_vk_program_new,
    .program_free = sfm_vk_program_free,
    .program_run = sfm_vk_program_run,
    .program_time = sfm_vk_program_time,
    .weight_bytes = sfm_vk_weight_bytes,
    .limit_memory = limit_memory,
};

static bool start(SfmVkRunner *vk, const SfmVkOptions *options, GError **error)
{
    SfmInstance *instance = sfm_instance_new(options->validate, error);
    vk->dev = instance ? sfm_device_new(instance, options->device, error) : NULL;
    if (!vk->dev)
        return false;

    sfm_pipelines_init(&vk->pipelines, vk->dev);
    if (!sfm_vk_target_init(&vk->target, &vk->dev->physical, error))
        return false;
    vk->base.target = &vk->target.target;
    vk->family = vk->target.target.name;
    vk->base.memory_free = sfm_device_memory_free(vk->dev);
    return sfm_vk_checked(vk, sfm_stream_init(&vk->stream, vk->dev, error), error);
}

SfmRunner *sfm_vk_runner_new(const SfmVkOptions *options, GError **error)
{
    const SfmVkOptions defaults = { 0 };
    SfmVkRunner *vk = g_new0(SfmVkRunner, 1);
    vk->base.class = &vk_class;
    vk->spare = g_ptr_array_new_with_free_func(free_memory);

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

const char *sfm_vk_runner_identity(const SfmRunner *runner)
{
    return ((const SfmVkRunner *)runner)->target.identity;
}

const char *sfm_vk_runner_driver(const SfmRunner *runner)
{
    return ((const SfmVkRunner *)runner)->dev->physical.driver.driverInfo;
}

bool sfm_vk_runner_on_cpu(const SfmRunner *runner)
{
    const SfmPhysical *physical = &((const SfmVkRunner *)runner)->dev->physical;
    return physical->properties.deviceType == VK_PHYSICAL_DEVICE_TYPE_CPU;
}

const char *sfm_vk_runner_family(const SfmRunner *runner, const char *family, const char *device)
{
    const SfmVkRunner *vk = (const SfmVkRunner *)runner;
    const SfmVkFamily *again =
        family ? sfm_vk_family_again(&vk->dev->physical, family, device) : NULL;

    return again ? again->name : vk->family;
}

void sfm_vk_runner_take_family(SfmRunner *runner, const char *family)
{
    SfmVkRunner *vk = sfm_vk_runner(runner);

    sfm_vk_target_clear(&vk->target);
    sfm_vk_target_init_with(&vk->target, &vk->dev->physical, sfm_vk_family_named(family));
}

bool sfm_vk_has_family(const char *name, bool *halves)
{
    const SfmVkFamily *family = sfm_vk_family_named(name);

    *halves = family && family->halves;
    return family != NULL;
}
