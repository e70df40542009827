// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/counter.h"

#include <time.h>

double sfm_thread_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static SfmCounter *counter_of(SfmRunner *runner)
{
    return (SfmCounter *)runner;
}

static void counter_free(SfmRunner *runner)
{
    sfm_runner_free(counter_of(runner)->inner);
    g_free(runner);
}

static SfmBuffer *buffer_new(SfmRunner *runner, SfmShape shape, GError **error)
{
    const double start = sfm_thread_seconds();
    SfmBuffer *buffer = sfm_buffer_new(counter_of(runner)->inner, shape, error);
    counter_of(runner)->seconds += sfm_thread_seconds() - start;
    return buffer;
}

static SfmBuffer *buffer_part(SfmRunner *runner, SfmBuffer *buffer, size_t first, size_t count)
{
    return sfm_buffer_part(counter_of(runner)->inner, buffer, first, count);
}

static void buffer_free(SfmRunner *runner, SfmBuffer *buffer)
{
    const double start = sfm_thread_seconds();
    sfm_buffer_free(counter_of(runner)->inner, buffer);
    counter_of(runner)->seconds += sfm_thread_seconds() - start;
}

static bool buffer_write(SfmRunner *runner, SfmBuffer *buffer, const float *data, GError **error)
{
    const double start = sfm_thread_seconds();
    const bool done = sfm_buffer_write(counter_of(runner)->inner, buffer, data, error);
    counter_of(runner)->seconds += sfm_thread_seconds() - start;
    return done;
}

static bool buffer_read(SfmRunner *runner, SfmBuffer *buffer, size_t count, float *data,
                        GError **error)
{
    const double start = sfm_thread_seconds();
    const bool done = sfm_buffer_read_first(counter_of(runner)->inner, buffer, count, data, error);
    counter_of(runner)->seconds += sfm_thread_seconds() - start;
    return done;
}

static bool run_call(SfmRunner *runner, const SfmCall *call, SfmBuffer *const out[],
                     SfmBuffer *const in[], GError **error)
{
    const double start = sfm_thread_seconds();
    const bool done = sfm_runner_call(counter_of(runner)->inner, call, out, in, error);
    counter_of(runner)->num_kernels++;
    counter_of(runner)->seconds += sfm_thread_seconds() - start;
    return done;
}

static bool run_eval(SfmRunner *runner, const SfmExpr *expr, const float scalars[],
                     SfmBuffer *const in[], SfmBuffer *out, GError **error)
{
    const double start = sfm_thread_seconds();
    const bool done = sfm_runner_eval(counter_of(runner)->inner, expr, scalars, in, out, error);
    counter_of(runner)->num_kernels++;
    counter_of(runner)->seconds += sfm_thread_seconds() - start;
    return done;
}

static const SfmRunnerClass counter_class = {
    .free = counter_free,
    .buffer_new = buffer_new,
    .buffer_part = buffer_part,
    .buffer_free = buffer_free,
    .write = buffer_write,
    .read = buffer_read,
    .call = run_call,
    .eval = run_eval,
};

SfmCounter *sfm_counter_new(SfmRunner *inner)
{
    SfmCounter *counter = g_new(SfmCounter, 1);
    *counter = (SfmCounter){ .base = *inner, .inner = inner };
    counter->base.class = &counter_class;
    return counter;
}
