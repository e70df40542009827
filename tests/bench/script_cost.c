// SPDX-License-Identifier: GPL-3.0-or-later
//
// What it costs that samplers are Lua: the time of a step outside the model,
// against an evaluation of the CIFAR-10 network, and DPM++ 2M in Lua against the
// same update written in C. docs/script-cost.md has figures.

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <glib.h>

#include "job/denoiser.h"
#include "job/formula.h"
#include "job/network.h"
#include "job/noise_source.h"
#include "script/script.h"
#include "support/cifar10.h"
#include "vk/runner.h"

enum { STEPS = 10, MOST_ROUNDS = 1000 };

// ---- what is timed ----------------------------------------------------------

// Seconds, and how often.
typedef struct {
    double wall, thread, process; // by the clocks of the wall, the script's thread, and all threads
    int count;
} Cost;

static double seconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void begin(Cost *cost)
{
    cost->wall -= seconds(CLOCK_MONOTONIC);
    cost->thread -= seconds(CLOCK_THREAD_CPUTIME_ID);
    cost->process -= seconds(CLOCK_PROCESS_CPUTIME_ID);
}

static void end(Cost *cost)
{
    cost->wall += seconds(CLOCK_MONOTONIC);
    cost->thread += seconds(CLOCK_THREAD_CPUTIME_ID);
    cost->process += seconds(CLOCK_PROCESS_CPUTIME_ID);
    cost->count++;
}

// ---- the host ---------------------------------------------------------------

// A model as samplers see it: the CIFAR-10 network with random weights, and the
// schedule that it was trained with.
typedef struct {
    SfmRunner *runner;
    SfmNetwork *network; // NULL: half of its input is its answer
    SfmSchedulerConfig scheduler;
    SfmNoiseTable table;
    SfmDenoiser *denoiser;
    SfmNoiseSource *noise;
    SfmShape shape;
    SfmLevels levels;
    SfmBuffer *x, *y, *x0, *old, *eps;
    Cost whole, model, drawing; // of one run
    uint32_t num_steps;         // that have ended
} Host;

static void check(GError *error)
{
    if (!error)
        return;
    fprintf(stderr, "script_cost: %s\n", error->message);
    exit(1);
}

static bool run_network(void *user_data, SfmBuffer *sample, SfmBuffer *condition, SfmBuffer *labels,
                        SfmBuffer *out, GError **error)
{
    const Host *host = user_data;
    if (!host->network)
        return sfm_formula_scale(host->runner, out, 0.5, sample, error);
    return sfm_network_run(host->network, sample, condition, labels, out, NULL, error);
}

static bool on_denoise(void *user_data, SfmBuffer *x, double sigma,
                       const SfmDenoiseOptions *options, SfmBuffer *x0, SfmBuffer *eps,
                       GError **error)
{
    Host *host = user_data;
    const SfmDenoiseRequest at = {
        .sigma = sigma, .timestep = NAN, .label = SFM_NO_LABEL, .guidance = 1
    };
    begin(&host->model);
    const bool ok = sfm_denoiser_denoise(host->denoiser, x, &at, x0, eps, error);
    end(&host->model);
    return ok;
}

static double on_timestep(void *user_data, double sigma)
{
    return sfm_noise_table_timestep(&((Host *)user_data)->table, sigma);
}

static bool on_noise(void *user_data, uint32_t step, uint32_t stream, SfmBuffer *out,
                     GError **error)
{
    Host *host = user_data;
    begin(&host->drawing);
    const bool ok = host->noise->draw(host->noise, 0, step, stream, out, error);
    end(&host->drawing);
    return ok;
}

static bool on_step(void *user_data, uint32_t i, SfmBuffer *x, SfmBuffer *x0, GError **error)
{
    ((Host *)user_data)->num_steps++;
    return true;
}

static SfmNetwork *new_network(SfmRunner *runner)
{
    GError *error = NULL;
    SfmModel *model = g_new0(SfmModel, 1);
    model->name = g_strdup("cifar10");
    model->path = g_strdup("cifar10");
    model->unet = cifar10;
    model->card.patch = 1;
    SfmNetwork *network = sfm_network_new(runner, model, &error);
    check(error);
    const SfmUnetSize size = { .batch = 1, .height = 32, .width = 32, .patch = 1 };
    sfm_network_prepare(network, &size, &(SfmRunOptions){ 0 }, &error);
    check(error);
    return network;
}

// STEPS levels of the training schedule, evenly spaced, and 0.
static void fill_levels(Host *host)
{
    host->levels = (SfmLevels){
        .num = STEPS + 1,
        .sigma = g_new0(double, STEPS + 1),
        .timestep = g_new0(double, STEPS + 1),
    };
    for (size_t i = 0; i < STEPS; i++)
        host->levels.sigma[i] = host->table.sigma[host->table.num * (STEPS - i) / STEPS - 1];
    for (size_t i = 0; i <= STEPS; i++)
        host->levels.timestep[i] = NAN;
}

static SfmBuffer *new_buffer(const Host *host)
{
    GError *error = NULL;
    SfmBuffer *buffer = sfm_buffer_new(host->runner, host->shape, &error);
    check(error);
    return buffer;
}

static void host_init(Host *host, SfmRunner *runner, SfmNetwork *network)
{
    GError *error = NULL;
    *host = (Host){ .runner = runner, .network = network, .shape = SFM_SHAPE(1, 3, 32, 32) };
    host->scheduler = (SfmSchedulerConfig){
        .num_train_timesteps = 1000,
        .beta_start = 1e-4,
        .beta_end = 0.02,
        .clip_sample = true,
        .clip_range = 1,
    };
    sfm_noise_table_init(&host->table, &host->scheduler, &error);
    check(error);
    host->denoiser = sfm_denoiser_new(
        &(SfmDenoiserParams){
            .runner = runner,
            .shape = host->shape,
            .out_channels = 3,
            .scheduler = &host->scheduler,
            .table = &host->table,
            .null_label = SFM_NO_LABEL,
            .network = run_network,
            .user_data = host,
        },
        &error);
    check(error);
    host->noise = sfm_noise_philox_new(runner, 0, NULL);
    fill_levels(host);
    SfmBuffer **const buffers[] = { &host->x, &host->y, &host->x0, &host->old, &host->eps };
    for (size_t i = 0; i < G_N_ELEMENTS(buffers); i++)
        *buffers[i] = new_buffer(host);
}

static void host_clear(Host *host)
{
    SfmBuffer *const buffers[] = { host->x, host->y, host->x0, host->old, host->eps };
    for (size_t i = 0; i < G_N_ELEMENTS(buffers); i++)
        sfm_buffer_free(host->runner, buffers[i]);
    sfm_levels_clear(&host->levels);
    sfm_noise_source_free(host->noise);
    sfm_denoiser_free(host->denoiser);
    sfm_noise_table_clear(&host->table);
}

// Starts a run: x is noise, nothing has been timed.
static void restart(Host *host)
{
    GError *error = NULL;
    host->noise->draw(host->noise, 0, SFM_NOISE_START, 0, host->x, &error);
    check(error);
    host->whole = host->model = host->drawing = (Cost){ 0 };
    host->num_steps = 0;
}

// ---- the two that run on it -------------------------------------------------

static void run_script(Host *host, SfmScript *script)
{
    GError *error = NULL;
    const SfmSampling sampling = {
        .runner = host->runner,
        .model = { .prediction = "epsilon",
                   .sigma_min = host->table.sigma[0],
                   .sigma_max = host->table.sigma[host->table.num - 1],
                   .num_train_timesteps = host->table.num,
                   .alphas_cumprod = host->table.alphas_cumprod,
                   .spacing = "leading",
                   .shape = host->shape },
        .guidance = 1,
        .user_data = host,
        .denoise = on_denoise,
        .timestep = on_timestep,
        .noise = on_noise,
        .step = on_step,
    };
    restart(host);
    begin(&host->whole);
    sfm_script_sample(script, &sampling, &host->levels, host->x, &error);
    end(&host->whole);
    check(error);
}

// y = b / a x + (1 - b / a) x0 + k (x0 - old), as in dpmpp-2m.lua; k is 0 where
// nothing is old, and in the last step.
static void update_2m(Host *host, double a, double b, double k)
{
    GError *error = NULL;
    SfmFormula f = { 0 };
    const uint8_t x = sfm_formula_tensor(&f, host->x), x0 = sfm_formula_tensor(&f, host->x0);
    const uint8_t kept = sfm_formula_op(&f, SFM_EXPR_MUL, sfm_formula_scalar(&f, b / a), x);
    const uint8_t clean = sfm_formula_op(&f, SFM_EXPR_MUL, sfm_formula_scalar(&f, 1 - b / a), x0);
    const uint8_t sum = sfm_formula_op(&f, SFM_EXPR_ADD, kept, clean);
    if (k != 0) {
        const uint8_t old = sfm_formula_tensor(&f, host->old);
        const uint8_t slope = sfm_formula_op(&f, SFM_EXPR_SUB, x0, old);
        const uint8_t more = sfm_formula_op(&f, SFM_EXPR_MUL, sfm_formula_scalar(&f, k), slope);
        sfm_formula_op(&f, SFM_EXPR_ADD, sum, more);
    }
    sfm_formula_run(&f, host->runner, host->y, &error);
    check(error);
}

static void swap(SfmBuffer **a, SfmBuffer **b)
{
    SfmBuffer *const kept = *a;
    *a = *b;
    *b = kept;
}

// DPM-Solver++ 2M (Lu et al. 2022, algorithm 2, midpoint) without a script, and without the
// look for numbers that are none that a script's steps end with.
static void run_hard_wired(Host *host)
{
    GError *error = NULL;
    double last = INFINITY; // h of the step before: k is 0 in the first
    restart(host);
    begin(&host->whole);
    for (size_t i = 0; i + 1 < host->levels.num; i++) {
        const double a = host->levels.sigma[i], b = host->levels.sigma[i + 1];
        const SfmDenoiseOptions options = { .guidance = NAN };
        on_denoise(host, host->x, a, &options, host->x0, host->eps, &error);
        check(error);
        const double h = log(a / b);
        update_2m(host, a, b, b > 0 ? (1 - exp(-h)) / 2 * (h / last) : 0);
        last = h;
        swap(&host->x, &host->y);
        swap(&host->old, &host->x0);
        host->num_steps++;
    }
    float data[3 * 32 * 32]; // a script's run ends with x in memory too
    sfm_buffer_read(host->runner, host->x, data, &error);
    end(&host->whole);
    check(error);
}

// ---- statistics -------------------------------------------------------------

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

typedef struct {
    double low, median, high; // quartiles
} Spread;

// Sorts them.
static Spread spread(double values[], int num)
{
    qsort(values, (size_t)num, sizeof *values, by_value);
    return (Spread){ values[num / 4], values[num / 2], values[num * 3 / 4] };
}

static SfmScript *load(const char *folder, const char *name)
{
    GError *error = NULL;
    g_autofree char *file = g_strconcat(name, ".lua", NULL);
    g_autofree char *path = g_build_filename(folder, file, NULL);
    SfmScript *script = sfm_script_load(path, &error);
    check(error);
    return script;
}

// ---- reports ----------------------------------------------------------------

// What a step costs outside the model and the generator of noise, in percent of
// an evaluation of the model.
static void report_share(Host *host, const char *folder, const char *name, int rounds)
{
    g_autofree double *thread = g_new(double, rounds), *wall = g_new(double, rounds);
    g_autofree double *model = g_new(double, rounds);
    g_autoptr(SfmScript) script = load(folder, name);
    run_script(host, script); // compiles its kernels
    for (int i = 0; i < rounds; i++) {
        run_script(host, script);
        thread[i] =
            (host->whole.thread - host->model.thread - host->drawing.thread) / host->num_steps;
        wall[i] = (host->whole.wall - host->model.wall - host->drawing.wall) / host->num_steps;
        model[i] = host->model.wall / host->model.count;
    }
    const double evaluation = spread(model, rounds).median;
    const Spread by_thread = spread(thread, rounds), by_wall = spread(wall, rounds);
    printf("%-20s %8.3f ms %7.3f ms (%.3f-%.3f) %6.2f %% %7.3f ms (%.3f-%.3f) %6.2f %%\n", name,
           1e3 * evaluation, 1e3 * by_thread.median, 1e3 * by_thread.low, 1e3 * by_thread.high,
           100 * by_thread.median / evaluation, 1e3 * by_wall.median, 1e3 * by_wall.low,
           1e3 * by_wall.high, 100 * by_wall.median / evaluation);
}

// The largest difference between what the two of them made.
static double difference(Host *host, SfmScript *script)
{
    float lua[3 * 32 * 32], c[3 * 32 * 32];
    GError *error = NULL;
    run_script(host, script);
    sfm_buffer_read(host->runner, host->x, lua, &error);
    run_hard_wired(host);
    check(error);
    sfm_buffer_read(host->runner, host->x, c, &error);
    check(error);
    double most = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(c); i++)
        most = fmax(most, fabs((double)lua[i] - c[i]));
    return most;
}

// The costs of a step, round by round.
typedef struct {
    double *lua, *c, *ratio; // [rounds]; owned
} Turns;

static Turns new_turns(int rounds)
{
    return (Turns){ g_new(double, rounds), g_new(double, rounds), g_new(double, rounds) };
}

static void report_turns(Turns turns, const char *clock, int rounds)
{
    for (int i = 0; i < rounds; i++)
        turns.ratio[i] = turns.lua[i] / turns.c[i];
    const Spread lua = spread(turns.lua, rounds), c = spread(turns.c, rounds);
    const Spread ratio = spread(turns.ratio, rounds);
    printf("  %-15s Lua %.3f ms (%.3f-%.3f), C %.3f ms (%.3f-%.3f), ratio %.4f (%.4f-%.4f), of the "
           "medians %.4f\n",
           clock, 1e3 * lua.median, 1e3 * lua.low, 1e3 * lua.high, 1e3 * c.median, 1e3 * c.low,
           1e3 * c.high, ratio.median, ratio.low, ratio.high, lua.median / c.median);
    g_free(turns.lua);
    g_free(turns.c);
    g_free(turns.ratio);
}

// In turns, so that what else the machine does meets both.
static void report_2m(Host *host, const char *folder, const char *model, int rounds)
{
    Turns wall = new_turns(rounds), process = new_turns(rounds);
    g_autoptr(SfmScript) script = load(folder, "dpmpp-2m");
    printf("dpmpp-2m, %s; results differ by %g\n", model, difference(host, script));
    for (int i = 0; i < rounds; i++) {
        run_script(host, script);
        wall.lua[i] = host->whole.wall / host->num_steps;
        process.lua[i] = host->whole.process / host->num_steps;
        run_hard_wired(host);
        wall.c[i] = host->whole.wall / host->num_steps;
        process.c[i] = host->whole.process / host->num_steps;
    }
    report_turns(wall, "wall clock", rounds);
    report_turns(process, "all processors", rounds);
}

int main(int argc, char **argv)
{
    if (argc < 3 || atoi(argv[2]) < 1 || atoi(argv[2]) > MOST_ROUNDS) {
        fprintf(stderr, "usage: script_cost SAMPLERS_FOLDER ROUNDS [SAMPLER...]\n");
        return 1;
    }
    GError *error = NULL;
    const int rounds = atoi(argv[2]);
    setvbuf(stdout, NULL, _IOLBF, 0); // each takes minutes
    SfmRunner *runner = sfm_vk_runner_new(NULL, &error);
    check(error);
    SfmNetwork *network = new_network(runner);
    Host real, empty;
    host_init(&real, runner, network);
    host_init(&empty, runner, NULL);

    printf("%s, %d steps a run, %d rounds; medians and quartiles\n", sfm_vk_runner_device(runner),
           STEPS, rounds);
    printf("a step outside the model:  evaluation, processor time, share, wall clock, share\n");
    for (int i = 3; i < argc; i++)
        report_share(&real, argv[1], argv[i], rounds);
    report_2m(&real, argv[1], "CIFAR-10 network", rounds);
    report_2m(&empty, argv[1], "no network", rounds);

    host_clear(&empty);
    host_clear(&real);
    sfm_network_free(network);
    sfm_runner_free(runner);
    return 0;
}
