// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>

#include "command.h"
#include "common/translation.h"

typedef struct {
    CommonOptions common;
    char *size;
    int batch, repeats;
} Options;

static void options_clear(Options *o)
{
    common_options_clear(&o->common);
    g_free(o->size);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static double sum_of_rows(const SfmBench *bench)
{
    double sum = 0.0;

    for (guint i = 0; i < bench->rows->len; i++)
        sum += ((const SfmBenchRow *)bench->rows->pdata[i])->milliseconds;
    return sum;
}

static void print_rows(const SfmBench *bench)
{
    const double sum = sum_of_rows(bench);

    // What the engine names stands in columns that it names: English.
    printf("%-18s %-30s %-24s %5s %10s %6s %9s\n", "op", "kernel", "shape", "calls", "ms", "%",
           "GFLOP/s");
    for (guint i = 0; i < bench->rows->len; i++) {
        const SfmBenchRow *row = bench->rows->pdata[i];
        printf("%-18s %-30s %-24s %5d %10.3f %6.1f", row->op, row->kernel, row->shape, row->count,
               row->milliseconds, sum > 0.0 ? 100.0 * row->milliseconds / sum : 0.0);
        if (row->gflops > 0.0)
            printf(" %9.1f", row->gflops);
        putchar('\n');
    }
    printf("%-80s %10.3f\n", _("sum of the steps alone"), sum);
}

static void print_bench(const char *model, const char *device, const SfmBench *bench)
{
    // Translators: a model on a device
    printf(_("%s on %s\n"), model, device);
    print_rows(bench);
    printf(_("evaluation: median %.1f ms, fastest %.1f ms, slowest %.1f ms, %.1f GFLOP/s\n"),
           bench->milliseconds, bench->fastest, bench->slowest, bench->gflops);
    printf(_("until the first evaluation was done: %.1f s\n"), bench->load_seconds);
}

static int measure(const Options *o, const char *model, int width, int height)
{
    g_autoptr(GError) error = NULL;
    g_auto(SfmBench) bench = { 0 };
    SfmEngine *engine = open_engine(&o->common, &error);

    if (!engine)
        return fail(error);
    const bool done =
        sfm_engine_bench(engine, model, width, height, o->batch, o->repeats, &bench, &error);
    const int status = done ? STATUS_OK : fail(error);
    if (done)
        print_bench(model, sfm_engine_device(engine), &bench);
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
        { "repeats", 0, 0, G_OPTION_ARG_INT, &o.repeats, N_("Evaluations timed (5)"), "N" },
        { 0 },
    };
    const Usage usage = {
        .arguments = "[MODEL]",
        .summary = N_("Times evaluations of a network, and each of its steps alone."),
        .details =
            N_("MODEL is a name, a path, or one of two published networks with random weights:\n"
               "cifar10 (35.75 M parameters, 32x32; unless given) and ddpm256 (256x256).\n"),
        .examples = "  sfumato bench\n"
                    "  sfumato bench --size 256x256 --repeats 3 textures\n",
        .entries = entries,
        .max_arguments = 1,
    };
    int width = 0, height = 0;

    if (!parse(&usage, &o.common, &argc, &argv) || (o.size && !parse_size(o.size, &width, &height)))
        return STATUS_USAGE;
    return measure(&o, argc > 1 ? argv[1] : "cifar10", width, height);
}

const Command command_bench = { "bench", N_("time a network, step by step"), run };
