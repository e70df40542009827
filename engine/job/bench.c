// SPDX-License-Identifier: GPL-3.0-or-later
//
// Times a network: whole evaluations by two clocks, each call of its plan, and
// whole runs of a sampler.

#include <string.h>

#include "job/bench_network.h"
#include "job/bench_times.h"
#include "job/network_io.h"
#include "job/size.h"

enum { MAX_BATCH = 1024, MAX_REPEATS = 1000, DEFAULT_REPEATS = 5, MOST_STEP_TIMINGS = 5 };

static void step_free(gpointer data)
{
    SfmBenchStep *step = data;

    g_free(step->op);
    g_free(step->kernel);
    g_free(step->shape);
    g_free(step->launches);
    g_free(step);
}

void sfm_bench_clear(SfmBench *bench)
{
    if (bench->steps)
        g_ptr_array_unref(bench->steps);
    sfm_bench_times_clear(&bench->wall);
    sfm_bench_times_clear(&bench->cpu);
    sfm_bench_times_clear(&bench->run_wall);
    sfm_bench_times_clear(&bench->run_cpu);
    *bench = (SfmBench){ 0 };
}

// What is asked for, with its defaults, and what answers it.
typedef struct {
    SfmEngine *engine;
    SfmBenchParams params;
    SfmNetwork *network;
    SfmNetworkIo io;
    SfmBench *bench;
} Benching;

static bool choose_size(const Benching *b, SfmUnetSize *size, GError **error)
{
    const SfmModel *model = sfm_network_model(b->network);
    SfmExtent pixels;

    if (!sfm_size_choose(model, b->params.width, b->params.height, &pixels, error))
        return false;
    *size = sfm_size_padded(model, pixels);
    size->batch = (uint32_t)b->params.batch;
    b->bench->width = (int)pixels.width;
    b->bench->height = (int)pixels.height;
    b->bench->batch = b->params.batch;
    return true;
}

// What is known from its plan.
static bool count(Benching *b, const SfmUnetSize *size, GError **error)
{
    const SfmPlan *plan = sfm_network_plan(b->network);
    SfmNetworkCost cost;

    if (!sfm_network_cost(b->network, size, &cost, error))
        return false;
    b->bench->parameters = cost.parameters;
    b->bench->weight_bytes = cost.weight_bytes;
    b->bench->arena_bytes = cost.arena_bytes;
    b->bench->arena_floor = sfm_plan_arena_floor(plan);
    b->bench->flop = cost.flop;
    b->bench->bytes = sfm_plan_cost(plan).bytes;
    return true;
}

// ---- whole evaluations ------------------------------------------------------

static bool evaluate(Benching *b, SfmBenchClock *clock, GError **error)
{
    const SfmRunOptions options = { .cancel = &b->engine->cancel };

    sfm_bench_clock_start(clock);
    if (!sfm_network_io_run(&b->io, b->network, &options, error))
        return false;
    sfm_bench_clock_stop(clock);
    return true;
}

// Measures what `once` does `num` times.
static bool time_many(Benching *b, bool (*once)(Benching *, SfmBenchClock *, GError **), int num,
                      SfmBenchTimes *wall, SfmBenchTimes *cpu, GError **error)
{
    sfm_bench_times_init(wall, num);
    sfm_bench_times_init(cpu, num);
    for (int i = 0; i < num; i++) {
        SfmBenchClock clock;
        if (!once(b, &clock, error))
            return false;
        wall->each[i] = clock.wall;
        cpu->each[i] = clock.cpu;
    }
    sfm_bench_times_sum_up(wall);
    sfm_bench_times_sum_up(cpu);
    return true;
}

// ---- each step --------------------------------------------------------------

// "128->128 3x3 32x32": channels in and out, the weight's taps, and the size of
// the result.
static char *shape_text(const SfmCall *call)
{
    const uint32_t *x = call->in[0].dim, *w = call->in[1].dim, *y = call->out[0].dim;
    const bool weighted = call->num_inputs > 1 && w[0] % y[1] == 0 && w[1] == x[1];

    if (weighted)
        return g_strdup_printf("%u->%u %ux%u %ux%u", x[1], w[0], w[2], w[3], y[2], y[3]);
    if (call->num_inputs > 0 && x[1] != y[1])
        return g_strdup_printf("%u->%u %ux%u", x[1], y[1], y[2], y[3]);
    return g_strdup_printf("%u %ux%u", y[1], y[2], y[3]);
}

static void add_step(SfmBench *bench, const SfmPlanStep *from)
{
    const SfmCost cost = sfm_call_cost(&from->call);
    SfmBenchStep *step = g_new0(SfmBenchStep, 1);

    step->op = g_strdup(from->call.op->name);
    step->kernel = g_strdup(from->kernel->name);
    step->shape = shape_text(&from->call);
    step->flop = from->call.op->flop ? cost.flop : 0.0;
    step->bytes = cost.bytes;
    g_ptr_array_add(bench->steps, step);
}

// The launches that the program has, as they are before they have been timed.
static void list_launches(SfmBench *bench, const SfmProgramTimes *times)
{
    for (guint i = 0; i < bench->steps->len; i++) {
        SfmBenchStep *step = bench->steps->pdata[i];
        step->num_launches = (int)(times->first[i + 1] - times->first[i]);
        step->launches = g_new0(SfmBenchLaunch, (gsize)step->num_launches + 1);
        for (int k = 0; k < step->num_launches; k++)
            step->launches[k].shader =
                g_intern_string(times->launches[times->first[i] + (uint32_t)k].shader);
        bench->num_dispatches += step->num_launches;
    }
    bench->num_barriers = (int)times->num_barriers;
    bench->num_submissions = (int)times->num_submissions;
}

// Both clocks' times of a launch, round by round: [launch * rounds + round].
typedef struct {
    double *wall, *cpu;
    int rounds;
} Rounds;

static void note_round(Rounds *r, int round, const SfmProgramTimes *times)
{
    for (uint32_t i = 0; i < times->first[times->num_steps]; i++) {
        const size_t at = (size_t)i * (size_t)r->rounds + (size_t)round;
        r->wall[at] = times->launches[i].milliseconds;
        r->cpu[at] = times->launches[i].cpu_milliseconds;
    }
}

static void take_medians(SfmBench *bench, const Rounds *r)
{
    size_t at = 0;

    for (guint i = 0; i < bench->steps->len; i++) {
        SfmBenchStep *step = bench->steps->pdata[i];
        for (int k = 0; k < step->num_launches; k++, at += (size_t)r->rounds) {
            SfmBenchLaunch *launch = &step->launches[k];
            launch->milliseconds = sfm_median(r->wall + at, r->rounds);
            launch->cpu_milliseconds = sfm_median(r->cpu + at, r->rounds);
            step->milliseconds += launch->milliseconds;
            step->cpu_milliseconds += launch->cpu_milliseconds;
        }
    }
}

static bool time_round(Benching *b, SfmProgramTimes *times, GError **error)
{
    return sfm_cancel_check(&b->engine->cancel, error) &&
           sfm_program_time(b->engine->runner, sfm_network_program(b->network), times, error);
}

static bool time_rounds(Benching *b, Rounds *r, SfmProgramTimes *times, GError **error)
{
    for (int k = 0; k < r->rounds; k++) {
        if (!time_round(b, times, error))
            return false;
        note_round(r, k, times);
    }
    return true;
}

// A round before that counts nothing but the launches.
static bool time_steps(Benching *b, GError **error)
{
    const SfmPlan *plan = sfm_network_plan(b->network);
    const int rounds = MIN(b->params.repeats, MOST_STEP_TIMINGS);
    SfmProgramTimes times = { 0 };

    for (uint32_t i = 0; i < sfm_plan_num_steps(plan); i++)
        add_step(b->bench, sfm_plan_step(plan, i));
    if (!time_round(b, &times, error))
        return false;
    list_launches(b->bench, &times);

    const size_t num = (size_t)rounds * (size_t)b->bench->num_dispatches;
    g_autofree double *wall = g_new0(double, num + 1);
    g_autofree double *cpu = g_new0(double, num + 1);
    Rounds r = { wall, cpu, rounds };
    if (!time_rounds(b, &r, &times, error))
        return false;
    take_medians(b->bench, &r);
    return true;
}

// ---- whole runs -------------------------------------------------------------

static bool make_pictures(Benching *b, int num_steps, GError **error)
{
    const SfmJobParams job = {
        .model = b->params.model,
        .sampler = "ddim",
        .num_steps = num_steps,
        .width = b->params.width,
        .height = b->params.height,
        .num_images = b->params.batch,
    };
    g_autofree SfmImage *images = g_new0(SfmImage, (gsize)b->params.batch);

    if (!sfm_engine_run(b->engine, &job, images, error))
        return false;
    for (int i = 0; i < b->params.batch; i++)
        sfm_image_clear(&images[i]);
    return true;
}

static bool run_sampler(Benching *b, SfmBenchClock *clock, GError **error)
{
    sfm_bench_clock_start(clock);
    if (!make_pictures(b, b->params.num_steps, error))
        return false;
    sfm_bench_clock_stop(clock);
    return true;
}

// A run of one step goes before, which loads the network as the job wants it.
static bool time_runs(Benching *b, GError **error)
{
    return make_pictures(b, 1, error) && time_many(b, run_sampler, b->params.repeats,
                                                   &b->bench->run_wall, &b->bench->run_cpu, error);
}

// ---- all of it --------------------------------------------------------------

static double seconds_since(gint64 *then)
{
    const gint64 now = g_get_monotonic_time();
    const double seconds = (double)(now - *then) / G_USEC_PER_SEC;

    *then = now;
    return seconds;
}

// Reads the model and makes ready for evaluations, the first of which is done.
static bool start(Benching *b, GError **error)
{
    const SfmRunOptions loading = { .cancel = &b->engine->cancel };
    SfmRunner *runner = b->engine->runner;
    gint64 clock = g_get_monotonic_time();
    SfmBenchClock unused;
    SfmUnetSize size;

    b->network = sfm_bench_network(b->engine, b->params.model, error);
    if (!b->network || !choose_size(b, &size, error))
        return false;
    b->bench->load_seconds = seconds_since(&clock);
    if (!sfm_network_prepare(b->network, &size, &loading, error))
        return false;
    b->bench->prepare_seconds = seconds_since(&clock);
    if (!sfm_network_io_init(&b->io, runner, &sfm_network_model(b->network)->unet, &size, error) ||
        !sfm_network_io_fill(&b->io, error) || !evaluate(b, &unused, error))
        return false;
    b->bench->first_seconds = seconds_since(&clock);
    return count(b, &size, error);
}

static bool measure(Benching *b, GError **error)
{
    return start(b, error) &&
           time_many(b, evaluate, b->params.repeats, &b->bench->wall, &b->bench->cpu, error) &&
           (b->params.evaluations_alone || time_steps(b, error)) &&
           (b->params.num_steps == 0 || time_runs(b, error));
}

static bool check(const SfmBenchParams *p, GError **error)
{
    if (p->batch < 1 || p->batch > MAX_BATCH)
        return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT, "batch: %d is not in 1 .. %d", p->batch,
                        MAX_BATCH);
    if (p->repeats < 1 || p->repeats > MAX_REPEATS)
        return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT, "repeats: %d is not in 1 .. %d", p->repeats,
                        MAX_REPEATS);
    if (p->num_steps < 0)
        return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT, "steps: %d is less than 0", p->num_steps);
    if (p->num_steps > 0 && sfm_bench_is_published(p->model))
        return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT,
                        "steps: %s has random weights and no noise levels; name a model to time "
                        "whole runs of",
                        p->model);
    return true;
}

bool sfm_engine_bench(SfmEngine *engine, const SfmBenchParams *params, SfmBench *bench,
                      GError **error)
{
    g_return_val_if_fail(engine && params && bench, false);

    g_auto(SfmBench) done = { .steps = g_ptr_array_new_with_free_func(step_free) };
    Benching b = { .engine = engine, .params = *params, .bench = &done };
    b.params.model = params->model ? params->model : "cifar10";
    b.params.batch = params->batch ? params->batch : 1;
    b.params.repeats = params->repeats ? params->repeats : DEFAULT_REPEATS;
    if (!check(&b.params, error))
        return false;

    GError *why = NULL;
    sfm_runner_limit_memory(engine->runner, b.params.memory);
    const bool ok = measure(&b, &why);
    sfm_runner_limit_memory(engine->runner, 0);
    sfm_network_io_clear(&b.io);
    if (!ok)
        return sfm_engine_fail(engine, why, error);
    *bench = done;
    done = (SfmBench){ 0 };
    return true;
}
