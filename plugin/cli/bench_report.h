// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_CLI_BENCH_REPORT_H
#define SFM_CLI_BENCH_REPORT_H

#include <sfumato/engine.h>

// What is added up in one row of the table.
typedef enum {
    BENCH_BY_OP,
    BENCH_BY_SHAPE, // a kernel on a shape
    BENCH_BY_STEP,  // nothing: all in their order
    BENCH_BY_SHADER,
} BenchBy;

// What was measured, of which model and device.
typedef struct {
    const char *model, *device;
    const SfmBench *bench;
    int num_steps; // of a whole run; 0: none was timed
} BenchReport;

// On standard output: a table and what else is to be said, or JSON.
void bench_report_print(const BenchReport *report, BenchBy by);
void bench_report_print_json(const BenchReport *report);

#endif
