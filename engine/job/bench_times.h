// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_BENCH_TIMES_H
#define SFM_JOB_BENCH_TIMES_H

#include <sfumato/engine.h>

// Both clocks, once: began holds what they showed.
typedef struct {
    double wall, cpu; // milliseconds
} SfmBenchClock;

void sfm_bench_clock_start(SfmBenchClock *clock);

// Turns what the clocks showed into what passed since.
void sfm_bench_clock_stop(SfmBenchClock *clock);

// Room for `num` measurements. What was there before is dropped.
void sfm_bench_times_init(SfmBenchTimes *times, int num);

// A zeroed one is a no-op.
void sfm_bench_times_clear(SfmBenchTimes *times);

// Median, quartiles, fastest and slowest of `each`, whose order stays.
void sfm_bench_times_sum_up(SfmBenchTimes *times);

// The value that a part of 0 .. 1 of the sorted values lies below, between two of
// them in proportion: 0.5 is the median. There is at least one.
double sfm_quantile_of_sorted(const double *sorted, int num, double part);

// Sorts them first.
double sfm_median(double *values, int num);

#endif
