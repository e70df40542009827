// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/bench_times.h"

#include <stdlib.h>

#include "base/cpu_time.h"

void sfm_bench_clock_start(SfmBenchClock *clock)
{
    clock->wall = (double)g_get_monotonic_time() / 1e3;
    clock->cpu = sfm_cpu_milliseconds();
}

void sfm_bench_clock_stop(SfmBenchClock *clock)
{
    clock->cpu = sfm_cpu_milliseconds() - clock->cpu;
    clock->wall = (double)g_get_monotonic_time() / 1e3 - clock->wall;
}

void sfm_bench_times_init(SfmBenchTimes *times, int num)
{
    sfm_bench_times_clear(times);
    times->each = g_new0(double, (gsize)num);
    times->num = num;
}

void sfm_bench_times_clear(SfmBenchTimes *times)
{
    g_free(times->each);
    *times = (SfmBenchTimes){ 0 };
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double sfm_quantile_of_sorted(const double *sorted, int num, double part)
{
    const double place = part * (num - 1);
    const int below = (int)place;
    const int above = MIN(below + 1, num - 1);

    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}

double sfm_median(double *values, int num)
{
    qsort(values, (size_t)num, sizeof *values, by_value);
    return sfm_quantile_of_sorted(values, num, 0.5);
}

void sfm_bench_times_sum_up(SfmBenchTimes *times)
{
    const size_t size = (size_t)times->num * sizeof(double);
    g_autofree double *sorted = g_memdup2(times->each, size);

    times->median = sfm_median(sorted, times->num);
    times->lower = sfm_quantile_of_sorted(sorted, times->num, 0.25);
    times->upper = sfm_quantile_of_sorted(sorted, times->num, 0.75);
    times->fastest = sorted[0];
    times->slowest = sorted[times->num - 1];
}
