// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <string.h>

#include "bench_report.h"
#include "common/translation.h"
#include "terminal.h"

// Steps, or launches of a shader, that are added up.
typedef struct {
    const char *op, *kernel, *shape;
    int calls;
    double milliseconds, cpu_milliseconds, flop, bytes;
} Row;

static void add(Row *row, const Row *more)
{
    row->calls += more->calls;
    row->milliseconds += more->milliseconds;
    row->cpu_milliseconds += more->cpu_milliseconds;
    row->flop += more->flop;
    row->bytes += more->bytes;
}

static bool same(const Row *a, const Row *b)
{
    return strcmp(a->op, b->op) == 0 && strcmp(a->kernel, b->kernel) == 0 &&
           strcmp(a->shape, b->shape) == 0;
}

static Row *row_for(GArray *rows, const Row *like)
{
    for (guint i = 0; i < rows->len; i++) {
        Row *row = &g_array_index(rows, Row, i);
        if (same(row, like))
            return row;
    }
    const Row fresh = { .op = like->op, .kernel = like->kernel, .shape = like->shape };
    g_array_append_val(rows, fresh);
    return &g_array_index(rows, Row, rows->len - 1);
}

static int by_cost(const void *a, const void *b)
{
    const Row *x = a, *y = b;
    return (x->milliseconds < y->milliseconds) - (x->milliseconds > y->milliseconds);
}

// What a launch reads, writes and computes is known of its step alone.
static void add_launches(GArray *rows, const SfmBenchStep *step)
{
    for (int i = 0; i < step->num_launches; i++) {
        const SfmBenchLaunch *l = &step->launches[i];
        const Row launch = { "", l->shader, "", 1, l->milliseconds, l->cpu_milliseconds, 0.0, 0.0 };
        add(row_for(rows, &launch), &launch);
    }
}

static Row row_of(const SfmBenchStep *s, BenchBy by)
{
    const bool op = by == BENCH_BY_OP;

    return (Row){ s->op,
                  op ? "" : s->kernel,
                  op ? "" : s->shape,
                  1,
                  s->milliseconds,
                  s->cpu_milliseconds,
                  s->flop,
                  s->bytes };
}

static GArray *rows_of(const SfmBench *bench, BenchBy by, Row *sum)
{
    GArray *rows = g_array_new(FALSE, FALSE, sizeof(Row));

    for (guint i = 0; i < bench->steps->len; i++) {
        const SfmBenchStep *step = bench->steps->pdata[i];
        const Row row = row_of(step, by);
        add(sum, &row);
        if (by == BENCH_BY_SHADER)
            add_launches(rows, step);
        else if (by == BENCH_BY_STEP)
            g_array_append_val(rows, row);
        else
            add(row_for(rows, &row), &row);
    }
    if (by != BENCH_BY_STEP)
        g_array_sort(rows, by_cost);
    return rows;
}

// FLOP in milliseconds as GFLOP/s, or blanks.
static void print_rate(double flop, double milliseconds)
{
    if (flop > 0.0 && milliseconds > 0.0)
        printf(" %8.1f", flop / milliseconds / 1e6);
    else
        printf(" %8s", "");
}

static void print_row(const Row *row, const Row *sum)
{
    const double all = sum->milliseconds;

    printf("%-16s %-29s %-22s %5d %9.3f %5.1f %9.3f", row->op, row->kernel, row->shape, row->calls,
           row->milliseconds, all > 0.0 ? 100.0 * row->milliseconds / all : 0.0,
           row->cpu_milliseconds);
    if (row->bytes > 0.0) {
        printf(" %8.2f", row->bytes / 1e6);
        print_rate(row->flop, row->milliseconds);
        print_rate(row->flop, row->cpu_milliseconds);
    }
    putchar('\n');
}

static void print_rows(const SfmBench *bench, BenchBy by)
{
    Row sum = { 0 };
    g_autoptr(GArray) rows = rows_of(bench, by, &sum);
    g_autofree char *label = terminal_column(_("sum of the steps"), 75);

    // What the engine names stands in columns that it names: English.
    printf("%-16s %-29s %-22s %5s %9s %5s %9s %8s %8s %8s\n", "op", "kernel", "shape", "calls",
           "ms", "%", "cpu_ms", "MB", "GFLOP/s", "/core");
    for (guint i = 0; i < rows->len; i++)
        print_row(&g_array_index(rows, Row, i), &sum);
    printf("%s %9.3f       %9.3f\n", label, sum.milliseconds, sum.cpu_milliseconds);
}

static void print_times(const char *name, const SfmBenchTimes *t)
{
    g_autofree char *label = terminal_column(name, 24);

    // Translators: what was timed stands before it
    printf(_("%s median %.1f ms, quartiles %.1f and %.1f, fastest %.1f, slowest %.1f\n"), label,
           t->median, t->lower, t->upper, t->fastest, t->slowest);
}

static void print_evaluation(const SfmBench *b)
{
    print_times(_("evaluation"), &b->wall);
    // Translators: what all processors together spent on what the line before it names
    print_times(_("  on processors"), &b->cpu);
    printf(_("%.2f GFLOP: %.1f GFLOP/s, and %.1f GFLOP/s a core\n"), b->flop / 1e9,
           b->flop / b->wall.median / 1e6, b->flop / b->cpu.median / 1e6);
}

static void print_run(const BenchReport *report)
{
    // Translators: of a sampler
    g_autofree char *name = g_strdup_printf(_("run of %d steps"), report->num_steps);

    print_times(name, &report->bench->run_wall);
    print_times(_("  on processors"), &report->bench->run_cpu);
}

static void print_memory(const SfmBench *b)
{
    g_autofree char *weights = g_format_size(b->weight_bytes);
    g_autofree char *arena = g_format_size(b->arena_bytes);
    g_autofree char *least = g_format_size(b->arena_floor);
    const double floor = (double)MAX(b->arena_floor, 1);

    printf(_("memory: %s of weights, %s of activations, of which %s live at once: %.2f times\n"),
           weights, arena, least, (double)b->arena_bytes / floor);
}

void bench_report_print(const BenchReport *report, BenchBy by)
{
    const SfmBench *b = report->bench;

    // Translators: a model on a device
    printf(_("%s on %s\n"), report->model, report->device);
    print_rows(b, by);
    print_evaluation(b);
    if (report->num_steps > 0)
        print_run(report);
    // Translators: of one evaluation of a network
    printf(_("kernel calls %u, dispatches %d, barriers %d, submissions %d; %.1f MB read and "
             "written\n"),
           b->steps->len, b->num_dispatches, b->num_barriers, b->num_submissions, b->bytes / 1e6);
    print_memory(b);
    printf(_("until the first evaluation was done: %.2f s (model %.2f, weights and pipelines %.2f, "
             "evaluation %.2f)\n"),
           b->load_seconds + b->prepare_seconds + b->first_seconds, b->load_seconds,
           b->prepare_seconds, b->first_seconds);
}
