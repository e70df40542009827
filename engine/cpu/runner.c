// SPDX-License-Identifier: GPL-3.0-or-later
#include "cpu/runner.h"

#include <string.h>

#include "cpu/expr.h"
#include "cpu/program.h"

typedef struct {
    SfmBuffer base; // first
    float *data;    // owned, but by what it is a part of
    bool is_part;
} CpuBuffer;

// The target has every op by its reference, in the plain layout.
typedef struct {
    SfmRunner base; // first
    SfmTarget target;
    SfmKernel *kernels;          // owned, one an op
    const SfmKernel **kernel_at; // owned
} CpuRunner;

static float *data_of(SfmBuffer *buffer)
{
    return ((CpuBuffer *)buffer)->data;
}

static size_t bytes_of(const SfmBuffer *buffer)
{
    return sfm_shape_count(buffer->shape) * sizeof(float);
}

static SfmBuffer *buffer_new(SfmRunner *runner, SfmShape shape, GError **error)
{
    size_t bytes;
    if (!sfm_shape_bytes(shape, "buffer", &bytes, error))
        return NULL;

    g_autofree CpuBuffer *buffer = g_new0(CpuBuffer, 1);
    buffer->base.shape = shape;
    buffer->data = g_try_malloc(bytes);
    if (!buffer->data && bytes > 0) {
        sfm_fail(error, SFM_ERROR_NO_MEMORY, "buffer: no memory for %zu bytes", bytes);
        return NULL;
    }
    return &g_steal_pointer(&buffer)->base;
}

static SfmBuffer *buffer_part(SfmRunner *runner, SfmBuffer *buffer, size_t first, size_t count)
{
    CpuBuffer *part = g_new(CpuBuffer, 1);

    *part = (CpuBuffer){
        .base = { SFM_SHAPE(1, 1, 1, (uint32_t)count) },
        .data = data_of(buffer) + first,
        .is_part = true,
    };
    return &part->base;
}

static void buffer_free(SfmRunner *runner, SfmBuffer *buffer)
{
    if (!((CpuBuffer *)buffer)->is_part)
        g_free(data_of(buffer));
    g_free(buffer);
}

static bool buffer_write(SfmRunner *runner, SfmBuffer *buffer, const float *data, GError **error)
{
    memcpy(data_of(buffer), data, bytes_of(buffer));
    return true;
}

static bool buffer_read(SfmRunner *runner, SfmBuffer *buffer, size_t count, float *data,
                        GError **error)
{
    memcpy(data, data_of(buffer), count * sizeof(float));
    return true;
}

static bool run_call(SfmRunner *runner, const SfmCall *call, SfmBuffer *const out[],
                     SfmBuffer *const in[], GError **error)
{
    float *out_data[SFM_MAX_OUTPUTS] = { 0 };
    const float *in_data[SFM_MAX_INPUTS] = { 0 };

    for (int i = 0; i < call->op->num_outputs; i++)
        out_data[i] = data_of(out[i]);
    for (int i = 0; i < call->num_inputs; i++)
        in_data[i] = data_of(in[i]);
    call->op->reference(call, out_data, in_data);
    return true;
}

static bool run_eval(SfmRunner *runner, const SfmExpr *expr, const float scalars[],
                     SfmBuffer *const in[], SfmBuffer *out, GError **error)
{
    const float *in_data[SFM_EXPR_MAX_TENSORS] = { 0 };
    const size_t num_images = out->shape.dim[0];

    for (int i = 0; i < expr->num_tensors; i++)
        in_data[i] = data_of(in[i]);
    if (num_images > 0)
        sfm_cpu_eval(expr, scalars, in_data, num_images, sfm_shape_count(out->shape) / num_images,
                     data_of(out));
    return true;
}

static void runner_free(SfmRunner *runner)
{
    CpuRunner *cpu = (CpuRunner *)runner;
    g_free(cpu->kernels);
    g_free(cpu->kernel_at);
    g_free(cpu);
}

static const SfmRunnerClass cpu_class = {
    .free = runner_free,
    .buffer_new = buffer_new,
    .buffer_part = buffer_part,
    .buffer_free = buffer_free,
    .write = buffer_write,
    .read = buffer_read,
    .call = run_call,
    .eval = run_eval,
    .program_new = sfm_cpu_program_new,
    .program_free = sfm_cpu_program_free,
    .program_run = sfm_cpu_program_run,
    .program_time = sfm_cpu_program_time,
    .weight_bytes = sfm_cpu_weight_bytes,
};

SfmRunner *sfm_cpu_runner_new(void)
{
    CpuRunner *cpu = g_new0(CpuRunner, 1);
    cpu->kernels = g_new0(SfmKernel, sfm_num_ops);
    cpu->kernel_at = g_new0(const SfmKernel *, sfm_num_ops);
    for (int i = 0; i < sfm_num_ops; i++) {
        const char *name = sfm_ops[i]->name;
        cpu->kernels[i] = (SfmKernel){ .name = name, .op = name, .gflops = 0.5 };
        cpu->kernel_at[i] = &cpu->kernels[i];
    }
    cpu->target = (SfmTarget){
        .name = SFM_CPU_FAMILY,
        .kernels = cpu->kernel_at,
        .num_kernels = (size_t)sfm_num_ops,
        .alignment = sizeof(float) * 4,
        .max_block = SIZE_MAX,
        .gbytes_per_second = 1,
    };
    cpu->base = (SfmRunner){ .class = &cpu_class, .target = &cpu->target, .memory_free = SIZE_MAX };
    return &cpu->base;
}
