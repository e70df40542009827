// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/memory.h"

#include <unistd.h>

uint64_t sfm_memory_host(void)
{
    const long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    return pages > 0 && size > 0 ? (uint64_t)pages * (uint64_t)size : UINT64_MAX;
}

uint64_t sfm_memory_free(const SfmRunner *runner)
{
    return runner->memory_free == SIZE_MAX ? sfm_memory_host() : runner->memory_free;
}
