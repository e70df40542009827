// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which of the kernels that can run a call is the fastest. There are as many
// programs of the whole network as a call has rivals at most: in number i each call
// runs with its rival i, so that each is measured where it will be used, with its
// weights and pixels as far from the processor as they will be then. Rounds take
// the programs in turn, so that what else the machine does is the same for all.

#include <sfumato/tune.h>

#include <errno.h>
#include <float.h>

#include <glib/gstdio.h>

#include "job/bench_network.h"
#include "job/bench_times.h"
#include "job/network_io.h"
#include "job/size.h"
#include "job/tuned.h"
#include "vk/runner.h"

enum { MAX_BATCH = 1024, MAX_ROUNDS = 1000, DEFAULT_ROUNDS = 12, MAX_RIVALS = 8 };

#define LEAST_SPEED 1.05 // of a rival: less is within what measuring twice differs by

static void row_free(gpointer data)
{
    SfmTuneRow *row = data;

    g_free(row->call);
    g_free(row->kernel);
    g_free(row);
}

void sfm_tune_clear(SfmTune *tune)
{
    g_clear_pointer(&tune->rows, g_ptr_array_unref);
    g_free(tune->path);
    *tune = (SfmTune){ 0 };
}

// ---- what can be chosen -----------------------------------------------------

// Calls of one key.
typedef struct {
    char *key;
    int count;
    size_t num_rivals;
    const char *rivals[MAX_RIVALS]; // their names, static; the usual one first
    double *wall, *cpu;             // [rival * rounds + round], milliseconds of all the calls
} Contest;

static void contest_free(gpointer data)
{
    Contest *contest = data;

    g_free(contest->key);
    g_free(contest->wall);
    g_free(contest->cpu);
    g_free(contest);
}

typedef struct {
    SfmEngine *engine;
    SfmTuneParams params;
    SfmUnetSize size;
    GPtrArray *networks; // of SfmNetwork: number i runs rival i of each call; the first is usual
    SfmNetworkIo io;     // of all of them
    GPtrArray *contests; // of Contest, in the order of the calls
} Tuning;

static void tuning_clear(Tuning *t)
{
    sfm_network_io_clear(&t->io);
    g_clear_pointer(&t->networks, g_ptr_array_unref);
    g_clear_pointer(&t->contests, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Tuning, tuning_clear)

static Contest *find_contest(const Tuning *t, const SfmCall *call)
{
    g_autofree char *key = sfm_call_key(call);

    for (guint i = 0; i < t->contests->len; i++) {
        Contest *contest = t->contests->pdata[i];
        if (g_str_equal(contest->key, key))
            return contest;
    }
    return NULL;
}

static Contest *new_contest(const Tuning *t, const SfmCall *call)
{
    const SfmTarget *target = t->engine->runner->target;
    Contest *contest = g_new0(Contest, 1);
    const SfmKernel *rival;

    contest->key = sfm_call_key(call);
    while (contest->num_rivals < MAX_RIVALS &&
           (rival = sfm_target_rival(target, call, contest->num_rivals)))
        contest->rivals[contest->num_rivals++] = rival->name;
    contest->wall = g_new0(double, contest->num_rivals *(gsize)t->params.rounds);
    contest->cpu = g_new0(double, contest->num_rivals *(gsize)t->params.rounds);
    return contest;
}

// Calls that differ in attributes alone have one key, and may differ in rivals: those
// of the first count.
static void find_contests(Tuning *t)
{
    const SfmPlan *plan = sfm_network_plan(t->networks->pdata[0]);
    const SfmTarget *target = t->engine->runner->target;

    for (uint32_t i = 0; i < sfm_plan_num_steps(plan); i++) {
        const SfmPlanStep *step = sfm_plan_step(plan, i);
        if (step->kernel != sfm_target_rival(target, &step->call, 0) ||
            !sfm_target_rival(target, &step->call, 1))
            continue;
        Contest *contest = find_contest(t, &step->call);
        if (!contest)
            g_ptr_array_add(t->contests, contest = new_contest(t, &step->call));
        contest->count++;
    }
}

static size_t most_rivals(const Tuning *t)
{
    size_t most = 1;

    for (guint i = 0; i < t->contests->len; i++)
        most = MAX(most, ((const Contest *)t->contests->pdata[i])->num_rivals);
    return most;
}

// ---- programs ---------------------------------------------------------------

static SfmChoices *rivals_number(const Tuning *t, size_t number)
{
    SfmChoices *choices = sfm_choices_new();

    for (guint i = 0; i < t->contests->len; i++) {
        const Contest *contest = t->contests->pdata[i];
        if (number > 0 && number < contest->num_rivals)
            sfm_choices_set(choices, contest->key, contest->rivals[number]);
    }
    return choices;
}

static bool choose_size(Tuning *t, const SfmModel *model, GError **error)
{
    SfmExtent pixels;

    if (!sfm_size_choose(model, t->params.width, t->params.height, &pixels, error))
        return false;
    t->size = sfm_size_padded(model, pixels);
    t->size.batch = (uint32_t)t->params.batch;
    return true;
}

static void report(const Tuning *t, SfmStage stage, int round)
{
    const SfmProgress progress = {
        .stage = stage,
        .step = round,
        .num_steps = t->params.rounds,
        .fraction = (double)round / t->params.rounds,
        .remaining = -1.0,
    };
    if (t->params.progress)
        t->params.progress(&progress, t->params.user_data);
}

static bool add_network(Tuning *t, size_t number, GError **error)
{
    const SfmRunOptions loading = { .cancel = &t->engine->cancel };
    g_autoptr(SfmChoices) choices = rivals_number(t, number);
    SfmNetwork *network = sfm_bench_network_new(t->engine, t->params.model, error);

    report(t, SFM_STAGE_LOAD, 0);
    if (!network)
        return false;
    g_ptr_array_add(t->networks, network);
    sfm_network_choose(network, choices);
    sfm_network_keep_norms_apart(network);
    return (number > 0 || choose_size(t, sfm_network_model(network), error)) &&
           sfm_network_prepare(network, &t->size, &loading, error);
}

// Each is run once, with numbers as they are in use.
static bool warm_up(Tuning *t, GError **error)
{
    const SfmRunOptions options = { .cancel = &t->engine->cancel };
    const SfmUnetConfig *unet = &sfm_network_model(t->networks->pdata[0])->unet;

    if (!sfm_network_io_init(&t->io, t->engine->runner, unet, &t->size, error) ||
        !sfm_network_io_fill(&t->io, error))
        return false;
    for (guint i = 0; i < t->networks->len; i++) {
        if (!sfm_network_io_run(&t->io, t->networks->pdata[i], &options, error))
            return false;
    }
    return true;
}

static bool make_programs(Tuning *t, GError **error)
{
    if (!add_network(t, 0, error))
        return false;
    find_contests(t);
    const size_t most = most_rivals(t);
    for (size_t i = 1; i < most; i++) {
        if (!add_network(t, i, error))
            return false;
    }
    return most == 1 || warm_up(t, error);
}

// ---- rounds -----------------------------------------------------------------

static void note(Tuning *t, size_t number, int round, const SfmProgramTimes *times)
{
    const SfmPlan *plan = sfm_network_plan(t->networks->pdata[number]);

    for (uint32_t i = 0; i < sfm_plan_num_steps(plan); i++) {
        Contest *contest = find_contest(t, &sfm_plan_step(plan, i)->call);
        if (!contest || number >= contest->num_rivals)
            continue;
        const size_t at = number * (size_t)t->params.rounds + (size_t)round;
        for (uint32_t k = times->first[i]; k < times->first[i + 1]; k++) {
            contest->wall[at] += times->launches[k].milliseconds;
            contest->cpu[at] += times->launches[k].cpu_milliseconds;
        }
    }
}

// The order turns from round to round: nobody is always the first.
static bool run_round(Tuning *t, int round, GError **error)
{
    const guint num = t->networks->len;

    for (guint i = 0; i < num; i++) {
        const guint number = (i + (guint)round) % num;
        SfmProgramTimes times = { 0 };
        if (!sfm_cancel_check(&t->engine->cancel, error) ||
            !sfm_program_time(t->engine->runner, sfm_network_program(t->networks->pdata[number]),
                              &times, error))
            return false;
        note(t, number, round, &times);
    }
    return true;
}

static bool run_rounds(Tuning *t, GError **error)
{
    for (int round = 0; t->contests->len > 0 && round < t->params.rounds; round++) {
        report(t, SFM_STAGE_SAMPLE, round);
        if (!run_round(t, round, error))
            return false;
    }
    report(t, SFM_STAGE_SAMPLE, t->params.rounds);
    return true;
}

// ---- who is best ------------------------------------------------------------

static double median_of(const double *values, int num)
{
    g_autofree double *copy = g_memdup2(values, sizeof *values * (size_t)num);
    return sfm_median(copy, num);
}

static double least_of(const double *values, int num)
{
    double least = values[0];
    for (int i = 1; i < num; i++)
        least = MIN(least, values[i]);
    return least;
}

// Times as fast as the usual one, by the median of what each round says.
static double speed_of(const double *times, size_t rival, int rounds)
{
    g_autofree double *ratios = g_new(double, (gsize)rounds);

    for (int i = 0; i < rounds; i++)
        ratios[i] = times[i] / MAX(times[rival * (size_t)rounds + (size_t)i], DBL_MIN);
    return sfm_median(ratios, rounds);
}

// What the clock on the wall says of a processor is what its other programs do
// too; the time that it spent is not. Yet a kernel that leaves processors idle must
// not win by that.
static bool is_faster(const Contest *c, size_t rival, double speed, int rounds)
{
    return speed >= LEAST_SPEED &&
           least_of(c->wall + rival * (size_t)rounds, rounds) <= least_of(c->wall, rounds);
}

static void judge(const Tuning *t, const Contest *c, SfmTune *tune)
{
    const bool on_cpu = sfm_vk_runner_on_cpu(t->engine->runner);
    const int rounds = t->params.rounds;
    SfmTuneRow *best = NULL;

    for (size_t i = 0; i < c->num_rivals; i++) {
        const double *times = on_cpu ? c->cpu : c->wall;
        SfmTuneRow *row = g_new0(SfmTuneRow, 1);
        row->call = g_strdup(c->key);
        row->kernel = g_strdup(c->rivals[i]);
        row->count = c->count;
        row->milliseconds = median_of(times + i * (size_t)rounds, rounds);
        row->speed = i == 0 ? 1.0 : speed_of(times, i, rounds);
        row->usual = i == 0;
        g_ptr_array_add(tune->rows, row);
        if (i == 0 || (row->speed > best->speed && is_faster(c, i, row->speed, rounds)))
            best = row;
    }
    best->chosen = true;
    tune->num_tuned += !best->usual;
}

// What was found out now, and what was known of other calls.
static bool keep(Tuning *t, const SfmTune *tune, GError **error)
{
    SfmEngine *engine = t->engine;
    const SfmTunedDevice device = {
        .identity = engine->identity,
        .name = engine->device,
        .driver = sfm_vk_runner_driver(engine->runner),
    };
    g_autoptr(SfmChoices) choices = sfm_choices_copy(engine->tuned);

    for (guint i = 0; i < tune->rows->len; i++) {
        const SfmTuneRow *row = tune->rows->pdata[i];
        if (row->chosen)
            sfm_choices_set(choices, row->call, row->usual ? NULL : row->kernel);
    }
    if (!sfm_tuned_write(&device, choices, error))
        return false;
    sfm_choices_free(engine->tuned);
    engine->tuned = g_steal_pointer(&choices);
    return true;
}

// ---- all of it --------------------------------------------------------------

static bool check(const SfmEngine *engine, const SfmTuneParams *p, GError **error)
{
    if (!engine->identity)
        return sfm_fail(error, SFM_ERROR_UNSUPPORTED,
                        "%s: runs each call with the one kernel that there is; choose another "
                        "device",
                        engine->device);
    if (p->batch < 1 || p->batch > MAX_BATCH)
        return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT, "batch: %d is not in 1 .. %d", p->batch,
                        MAX_BATCH);
    return (p->rounds >= 1 && p->rounds <= MAX_ROUNDS) ||
           sfm_fail(error, SFM_ERROR_BAD_ARGUMENT, "rounds: %d is not in 1 .. %d", p->rounds,
                    MAX_ROUNDS);
}

static bool measure(Tuning *t, SfmTune *tune, GError **error)
{
    if (!make_programs(t, error) || !run_rounds(t, error))
        return false;
    for (guint i = 0; i < t->contests->len; i++)
        judge(t, t->contests->pdata[i], tune);
    tune->path = sfm_tuned_path(t->engine->identity);
    return keep(t, tune, error);
}

static void network_free(gpointer network)
{
    sfm_network_free(network);
}

bool sfm_engine_tune(SfmEngine *engine, const SfmTuneParams *params, SfmTune *tune, GError **error)
{
    g_return_val_if_fail(engine && params && params->model && tune, false);

    g_auto(SfmTune) done = { .rows = g_ptr_array_new_with_free_func(row_free) };
    g_auto(Tuning) t = {
        .engine = engine,
        .params = *params,
        .networks = g_ptr_array_new_with_free_func(network_free),
        .contests = g_ptr_array_new_with_free_func(contest_free),
    };
    t.params.batch = params->batch ? params->batch : 1;
    t.params.rounds = params->rounds ? params->rounds : DEFAULT_ROUNDS;
    if (!check(engine, &t.params, error))
        return false;

    GError *why = NULL;
    if (!measure(&t, &done, &why))
        return sfm_engine_fail(engine, why, error);
    *tune = done;
    done = (SfmTune){ 0 };
    return true;
}

bool sfm_engine_forget_tuning(SfmEngine *engine, bool *there, GError **error)
{
    g_return_val_if_fail(engine && there, false);

    g_autofree char *path = engine->identity ? sfm_tuned_path(engine->identity) : NULL;
    *there = path && g_remove(path) == 0;
    if (path && !*there && errno != ENOENT)
        return sfm_fail(error, SFM_ERROR_NOT_WRITTEN, "%s: cannot be removed: %s", path,
                        g_strerror(errno));
    g_clear_pointer(&engine->tuned, sfm_choices_free);
    return true;
}
