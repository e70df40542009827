// SPDX-License-Identifier: GPL-3.0-or-later
//
// Times a network: whole evaluations by the wall clock, and each step of its
// plan alone, summed up by kernel and shape.

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "job/engine.h"
#include "job/network_io.h"
#include "job/size.h"

enum { MAX_REPEATS = 1000, MOST_STEP_TIMINGS = 5 };

static void row_free(gpointer data)
{
    SfmBenchRow *row = data;

    g_free(row->op);
    g_free(row->kernel);
    g_free(row->shape);
    g_free(row);
}

void sfm_bench_clear(SfmBench *bench)
{
    if (bench->rows)
        g_ptr_array_unref(bench->rows);
    *bench = (SfmBench){ 0 };
}

// ---- which network ----------------------------------------------------------

// The published networks of Ho et al. (google/ddpm-cifar10-32, 35.75 M
// parameters, and google/ddpm-cat-256), whose weights are not bundled.
// clang-format off
static const SfmUnetConfig cifar10 = {
    .in_channels = 3, .out_channels = 3,
    .sample_height = 32, .sample_width = 32,
    .num_blocks = 4,
    .down_blocks = { SFM_BLOCK_PLAIN, SFM_BLOCK_ATTN, SFM_BLOCK_PLAIN, SFM_BLOCK_PLAIN },
    .up_blocks = { SFM_BLOCK_PLAIN, SFM_BLOCK_PLAIN, SFM_BLOCK_ATTN, SFM_BLOCK_PLAIN },
    .block_channels = { 128, 256, 256, 256 },
    .layers_per_block = 2,
    .add_attention = true, .mid_block = true,
    .freq_shift = 1.0, .mid_block_scale_factor = 1.0, .norm_eps = 1e-6,
    .norm_groups = 32,
};

static const SfmUnetConfig ddpm256 = {
    .in_channels = 3, .out_channels = 3,
    .sample_height = 256, .sample_width = 256,
    .num_blocks = 6,
    .down_blocks = { SFM_BLOCK_PLAIN, SFM_BLOCK_PLAIN, SFM_BLOCK_PLAIN, SFM_BLOCK_PLAIN,
                     SFM_BLOCK_ATTN, SFM_BLOCK_PLAIN },
    .up_blocks = { SFM_BLOCK_PLAIN, SFM_BLOCK_ATTN, SFM_BLOCK_PLAIN, SFM_BLOCK_PLAIN,
                   SFM_BLOCK_PLAIN, SFM_BLOCK_PLAIN },
    .block_channels = { 128, 128, 256, 256, 512, 512 },
    .layers_per_block = 2,
    .add_attention = true, .mid_block = true,
    .freq_shift = 1.0, .mid_block_scale_factor = 1.0, .norm_eps = 1e-6,
    .norm_groups = 32,
};
// clang-format on

static const struct {
    const char *name;
    const SfmUnetConfig *config;
} published[] = { { "cifar10", &cifar10 }, { "ddpm256", &ddpm256 } };

static SfmNetwork *random_network(SfmEngine *engine, const char *name, const SfmUnetConfig *config,
                                  GError **error)
{
    SfmModel *model = g_new0(SfmModel, 1);

    model->name = g_strdup(name);
    model->path = g_strdup(name);
    model->unet = *config;
    model->card.patch = 1;
    model->card.null_class = -1;
    return sfm_network_new(engine->runner, model, error);
}

static SfmNetwork *find_network(SfmEngine *engine, const char *name, GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(published); i++) {
        if (g_strcmp0(published[i].name, name) != 0)
            continue;
        SfmNetwork *network = random_network(engine, name, published[i].config, error);
        if (network)
            sfm_engine_keep(engine, name, network);
        return network;
    }
    return sfm_engine_network(engine, name, error);
}

// ---- what it runs on --------------------------------------------------------

// Values spread over -2 .. 2, or all `value` where that is not NaN.
static bool fill(SfmRunner *runner, SfmBuffer *buffer, double value, GError **error)
{
    const size_t count = sfm_shape_count(buffer->shape);
    g_autofree float *data = g_try_new(float, count);

    if (!data)
        return sfm_fail(error, SFM_ERROR_NO_MEMORY, "bench: no memory for %zu numbers", count);
    for (size_t i = 0; i < count; i++)
        data[i] = (float)(isnan(value) ? 2.0 * sin((double)i) : value);
    return sfm_buffer_write(runner, buffer, data, error);
}

static bool fill_inputs(const SfmNetworkIo *io, GError **error)
{
    return fill(io->runner, io->sample, NAN, error) &&
           fill(io->runner, io->condition, 500.0, error) &&
           (!io->labels || fill(io->runner, io->labels, 0.0, error));
}

// ---- timing -----------------------------------------------------------------

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

// Sorts them.
static double median(double *values, size_t num)
{
    qsort(values, num, sizeof *values, by_value);
    return num % 2 == 1 ? values[num / 2] : (values[num / 2 - 1] + values[num / 2]) / 2.0;
}

static bool run_once(SfmEngine *engine, SfmNetwork *network, SfmNetworkIo *io, double *milliseconds,
                     GError **error)
{
    const SfmRunOptions options = { .cancel = &engine->cancel };
    const gint64 began = g_get_monotonic_time();

    if (!sfm_network_io_run(io, network, &options, error))
        return false;
    *milliseconds = (double)(g_get_monotonic_time() - began) / 1e3;
    return true;
}

static bool time_whole(SfmEngine *engine, SfmNetwork *network, SfmNetworkIo *io, int repeats,
                       SfmBench *bench, GError **error)
{
    g_autofree double *times = g_new(double, (gsize)repeats);

    for (int i = 0; i < repeats; i++) {
        if (!run_once(engine, network, io, &times[i], error))
            return false;
    }
    bench->milliseconds = median(times, (size_t)repeats);
    bench->fastest = times[0];
    bench->slowest = times[repeats - 1];
    bench->gflops = sfm_plan_cost(sfm_network_plan(network)).flop / bench->milliseconds / 1e6;
    return true;
}

// "128->128 3x3 32x32": channels in and out, the weight's taps, and the size of
// the result.
static char *shape_text(const SfmCall *call)
{
    const uint32_t *x = call->in[0].dim, *w = call->in[1].dim, *y = call->out[0].dim;
    const bool weighted = call->num_inputs > 1 && w[0] == y[1] && w[1] == x[1];

    if (weighted)
        return g_strdup_printf("%u->%u %ux%u %ux%u", x[1], y[1], w[2], w[3], y[2], y[3]);
    if (call->num_inputs > 0 && x[1] != y[1])
        return g_strdup_printf("%u->%u %ux%u", x[1], y[1], y[2], y[3]);
    return g_strdup_printf("%u %ux%u", y[1], y[2], y[3]);
}

// The row of this kernel on this shape.
static SfmBenchRow *row_for(GPtrArray *rows, const SfmPlanStep *step)
{
    g_autofree char *shape = shape_text(&step->call);

    for (guint i = 0; i < rows->len; i++) {
        SfmBenchRow *row = rows->pdata[i];
        if (strcmp(row->kernel, step->kernel->name) == 0 && strcmp(row->shape, shape) == 0)
            return row;
    }
    SfmBenchRow *row = g_new0(SfmBenchRow, 1);
    row->op = g_strdup(step->call.op->name);
    row->kernel = g_strdup(step->kernel->name);
    row->shape = g_steal_pointer(&shape);
    g_ptr_array_add(rows, row);
    return row;
}

static int by_cost(const void *a, const void *b)
{
    const SfmBenchRow *const *x = a, *const *y = b;
    return ((*x)->milliseconds < (*y)->milliseconds) - ((*x)->milliseconds > (*y)->milliseconds);
}

// times[i * rounds ...]: the timings of step i. gflops hold FLOP until the end.
static void sum_up(const SfmPlan *plan, double *times, size_t rounds, SfmBench *bench)
{
    for (uint32_t i = 0; i < sfm_plan_num_steps(plan); i++) {
        const SfmPlanStep *step = sfm_plan_step(plan, i);
        SfmBenchRow *row = row_for(bench->rows, step);
        row->count++;
        row->milliseconds += median(times + i * rounds, rounds);
        row->gflops += step->call.op->flop ? step->call.op->flop(&step->call) : 0.0;
    }
    for (guint i = 0; i < bench->rows->len; i++) {
        SfmBenchRow *row = bench->rows->pdata[i];
        row->gflops = row->milliseconds > 0.0 ? row->gflops / row->milliseconds / 1e6 : 0.0;
    }
    g_ptr_array_sort(bench->rows, by_cost);
}

static bool time_steps(SfmEngine *engine, SfmNetwork *network, int repeats, SfmBench *bench,
                       GError **error)
{
    const SfmPlan *plan = sfm_network_plan(network);
    const size_t rounds = (size_t)MIN(repeats, MOST_STEP_TIMINGS);
    g_autofree double *times = g_new0(double, rounds *sfm_plan_num_steps(plan));

    for (size_t k = 0; k < rounds; k++) {
        SfmProgramTimes one;
        if (!sfm_cancel_check(&engine->cancel, error) ||
            !sfm_program_time(engine->runner, sfm_network_program(network), &one, error))
            return false;
        for (uint32_t i = 0; i < one.num_steps; i++)
            times[i * rounds + k] = one.milliseconds[i];
    }
    bench->rows = g_ptr_array_new_with_free_func(row_free);
    sum_up(plan, times, rounds, bench);
    return true;
}

// What is asked for, as the caller gave it.
typedef struct {
    const char *model;
    int width, height, batch, repeats;
} Asked;

static bool choose_size(const SfmModel *model, const Asked *asked, SfmUnetSize *size,
                        GError **error)
{
    SfmPixels pixels;

    if (!sfm_size_choose(model, asked->width, asked->height, &pixels, error))
        return false;
    *size = sfm_size_padded(model, pixels);
    size->batch = (uint32_t)asked->batch;
    return true;
}

static bool run_bench(SfmEngine *engine, const Asked *asked, SfmBench *bench, GError **error)
{
    const gint64 began = g_get_monotonic_time();
    const SfmRunOptions loading = { .cancel = &engine->cancel };
    SfmNetwork *network = find_network(engine, asked->model, error);
    SfmUnetSize size;
    double first;

    if (!network || !choose_size(sfm_network_model(network), asked, &size, error))
        return false;
    g_auto(SfmNetworkIo) io = { 0 };
    if (!sfm_network_prepare(network, &size, &loading, error) ||
        !sfm_network_io_init(&io, engine->runner, &sfm_network_model(network)->unet, &size,
                             error) ||
        !fill_inputs(&io, error) || !run_once(engine, network, &io, &first, error))
        return false;
    bench->load_seconds = (double)(g_get_monotonic_time() - began) / G_USEC_PER_SEC;
    return time_whole(engine, network, &io, asked->repeats, bench, error) &&
           time_steps(engine, network, asked->repeats, bench, error);
}

bool sfm_engine_bench(SfmEngine *engine, const char *model, int width, int height, int batch,
                      int repeats, SfmBench *bench, GError **error)
{
    g_return_val_if_fail(engine && bench, false);

    if (batch < 1 || batch > 1024 || repeats < 1 || repeats > MAX_REPEATS)
        return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT,
                        "bench: batch %d is not in 1 .. 1024, or repeats %d not in 1 .. %d", batch,
                        repeats, MAX_REPEATS);
    const Asked asked = { model, width, height, batch, repeats };
    g_auto(SfmBench) done = { 0 };
    GError *why = NULL;
    if (!run_bench(engine, &asked, &done, &why))
        return sfm_engine_fail(engine, why, error);
    *bench = done;
    done = (SfmBench){ 0 };
    return true;
}
