// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/cpu_time.h"

#include <time.h>

double sfm_cpu_milliseconds(void)
{
    struct timespec now = { 0 };

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}
