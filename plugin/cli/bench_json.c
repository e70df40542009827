// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <sys/resource.h>

#include <sfumato/system.h>

#include "bench_report.h"
#include "json_fields.h"

static void append_times(GString *out, const char *key, const SfmBenchTimes *times)
{
    g_string_append_printf(out, ", \"%s\": {\"count\": %d", key, times->num);
    json_add_number(out, "median", times->median);
    json_add_number(out, "lower_quartile", times->lower);
    json_add_number(out, "upper_quartile", times->upper);
    json_add_number(out, "fastest", times->fastest);
    json_add_number(out, "slowest", times->slowest);
    g_string_append(out, ", \"each\": [");
    for (int i = 0; i < times->num; i++) {
        char number[G_ASCII_DTOSTR_BUF_SIZE];
        g_string_append_printf(out, "%s%s", i > 0 ? ", " : "",
                               g_ascii_formatd(number, sizeof number, "%.10g", times->each[i]));
    }
    g_string_append(out, "]}");
}

// What this process has had in memory at most, a driver's device memory within it.
static double peak_bytes(void)
{
    struct rusage usage = { 0 };

    getrusage(RUSAGE_SELF, &usage);
    return 1024.0 * (double)usage.ru_maxrss;
}

static void append_counts(GString *out, const SfmBench *b)
{
    json_add_number(out, "width", b->width);
    json_add_number(out, "height", b->height);
    json_add_number(out, "batch", b->batch);
    json_add_number(out, "parameters", (double)b->parameters);
    json_add_number(out, "flop", b->flop);
    json_add_number(out, "bytes", b->bytes);
    json_add_number(out, "calls", b->steps->len);
    json_add_number(out, "dispatches", b->num_dispatches);
    json_add_number(out, "barriers", b->num_barriers);
    json_add_number(out, "submissions", b->num_submissions);
    json_add_number(out, "weight_bytes", (double)b->weight_bytes);
    json_add_number(out, "arena_bytes", (double)b->arena_bytes);
    json_add_number(out, "arena_floor_bytes", (double)b->arena_floor);
    json_add_number(out, "peak_bytes", peak_bytes());
    json_add_number(out, "model_seconds", b->load_seconds);
    json_add_number(out, "prepare_seconds", b->prepare_seconds);
    json_add_number(out, "first_evaluation_seconds", b->first_seconds);
}

static void append_step(GString *out, const SfmBenchStep *step)
{
    g_string_append_c(out, '{');
    json_add_text(out, "op", step->op);
    g_string_append(out, ", ");
    json_add_text(out, "kernel", step->kernel);
    g_string_append(out, ", ");
    json_add_text(out, "shape", step->shape);
    json_add_number(out, "ms", step->milliseconds);
    json_add_number(out, "cpu_ms", step->cpu_milliseconds);
    json_add_number(out, "flop", step->flop);
    json_add_number(out, "bytes", step->bytes);
    g_string_append(out, ", \"launches\": [");
    for (int i = 0; i < step->num_launches; i++) {
        g_string_append(out, i > 0 ? ", {" : "{");
        json_add_text(out, "shader", step->launches[i].shader);
        json_add_number(out, "ms", step->launches[i].milliseconds);
        json_add_number(out, "cpu_ms", step->launches[i].cpu_milliseconds);
        g_string_append_c(out, '}');
    }
    g_string_append(out, "]}");
}

void bench_report_print_json(const BenchReport *report)
{
    const SfmBench *b = report->bench;
    g_autoptr(GString) out = g_string_new("{");

    json_add_text(out, "version", sfm_version());
    g_string_append(out, ", ");
    json_add_text(out, "model", report->model);
    g_string_append(out, ", ");
    json_add_text(out, "device", report->device);
    append_counts(out, b);
    append_times(out, "wall_ms", &b->wall);
    append_times(out, "cpu_ms", &b->cpu);
    if (report->num_steps > 0) {
        json_add_number(out, "run_steps", report->num_steps);
        append_times(out, "run_wall_ms", &b->run_wall);
        append_times(out, "run_cpu_ms", &b->run_cpu);
    }
    g_string_append(out, ", \"steps\": [");
    for (guint i = 0; i < b->steps->len; i++) {
        g_string_append(out, i > 0 ? ",\n  " : "\n  ");
        append_step(out, b->steps->pdata[i]);
    }
    g_string_append(out, "\n]}");
    puts(out->str);
}
