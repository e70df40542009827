// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "bench_report.h"
#include "command.h"
#include "common/translation.h"

enum { MOST_BATCH = 1024, MOST_REPEATS = 1000 };

typedef struct {
    CommonOptions common;
    char *size, *by, *memory;
    int batch, repeats, steps;
    gboolean json;
} Options;

static void options_clear(Options *o)
{
    common_options_clear(&o->common);
    g_free(o->size);
    g_free(o->by);
    g_free(o->memory);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static const char *const by_names[] = {
    [BENCH_BY_OP] = "op",
    [BENCH_BY_SHAPE] = "shape",
    [BENCH_BY_STEP] = "step",
    [BENCH_BY_SHADER] = "shader",
};

static bool parse_by(const Options *o, BenchBy *by)
{
    *by = BENCH_BY_SHAPE;
    for (size_t i = 0; i < G_N_ELEMENTS(by_names); i++) {
        if (g_strcmp0(o->by, by_names[i]) == 0)
            *by = (BenchBy)i;
    }
    return !o->by || strcmp(o->by, by_names[*by]) == 0 ||
           refuse(_("by: \"%s\" is none of op, shape, step and shader"), o->by);
}

static bool check(const Options *o)
{
    if (o->json && o->by)
        return refuse(_("--json and --by exclude each other"));
    if (o->batch < 1 || o->batch > MOST_BATCH)
        return refuse(_("%s: %d is not in 1 .. %d"), "batch", o->batch, MOST_BATCH);
    if (o->repeats < 1 || o->repeats > MOST_REPEATS)
        return refuse(_("%s: %d is not in 1 .. %d"), "repeats", o->repeats, MOST_REPEATS);
    return o->steps >= 0 || refuse(_("steps: %d is less than 1"), o->steps);
}

static int measure(const Options *o, const SfmBenchParams *params, BenchBy by)
{
    g_autoptr(GError) error = NULL;
    g_auto(SfmBench) bench = { 0 };
    SfmEngine *engine = open_engine(&o->common, &error);

    if (!engine)
        return fail(error);
    const bool done = sfm_engine_bench(engine, params, &bench, &error);
    const int status = done ? STATUS_OK : fail(error);
    const BenchReport report = { params->model, sfm_engine_device(engine), &bench, o->steps };
    if (done && o->json)
        bench_report_print_json(&report);
    else if (done)
        bench_report_print(&report, by);
    close_engine(engine);
    return status;
}

static int run(int argc, char **argv)
{
    g_auto(Options) o = { .batch = 1, .repeats = 5 };
    const GOptionEntry entries[] = {
        { "size", 0, 0, G_OPTION_ARG_STRING, &o.size, N_("The model's own unless given"),
          "WIDTHxHEIGHT" },
        { "batch", 0, 0, G_OPTION_ARG_INT, &o.batch, N_("Pictures at once (1)"), "N" },
        { "repeats", 0, 0, G_OPTION_ARG_INT, &o.repeats, N_("Evaluations and runs timed (5)"),
          "N" },
        { "steps", 0, 0, G_OPTION_ARG_INT, &o.steps, N_("Time whole runs of N steps of ddim too"),
          "N" },
        { "memory", 0, 0, G_OPTION_ARG_STRING, &o.memory,
          N_("How much of the device's memory it may take, such as 512M or 2G (what there is)"),
          "SIZE" },
        { "by", 0, 0, G_OPTION_ARG_STRING, &o.by,
          N_("What makes a row: op, shape (unless given), step or shader"), "WHAT" },
        { "json", 0, 0, G_OPTION_ARG_NONE, &o.json, N_("Print JSON, for programs"), NULL },
        { 0 },
    };
    const Usage usage = {
        .arguments = "[MODEL]",
        .summary = N_("Times evaluations of a network, their steps, and whole runs."),
        .details =
            N_("MODEL is a name, a path, or one of two published networks with random weights:\n"
               "cifar10 (35.75 M parameters, 32x32; unless given) and ddpm256 (256x256).\n"
               "\n"
               "A step's \"ms\" are by the device's clock, in an evaluation of them all; "
               "\"cpu_ms\" are\n"
               "what the program, and a driver within it, spend on all processors while its "
               "launches run\n"
               "alone. On a busy machine they say more. \"MB\" are read and written, each tensor "
               "once.\n"),
        .examples = "  sfumato bench\n"
                    "  sfumato bench --size 256x256 --repeats 3 --steps 30 textures\n"
                    "  sfumato bench --by op --batch 4 cifar10\n",
        .entries = entries,
        .max_arguments = 1,
    };
    SfmBenchParams params = { 0 };
    BenchBy by;

    if (!parse(&usage, &o.common, &argc, &argv) ||
        (o.size && !parse_size(o.size, &params.width, &params.height)) ||
        (o.memory && !parse_bytes(o.memory, &params.memory)) || !check(&o) || !parse_by(&o, &by))
        return STATUS_USAGE;
    params.model = argc > 1 ? argv[1] : "cifar10";
    params.batch = o.batch;
    params.repeats = o.repeats;
    params.num_steps = o.steps;
    return measure(&o, &params, by);
}

const Command command_bench = { "bench", N_("time a network, step by step"), run };
