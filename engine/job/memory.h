// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_MEMORY_H
#define SFM_JOB_MEMORY_H

#include "plan/runner.h"

// Bytes that a job may still use on the runner's device; those of this machine
// where the device does not know.
uint64_t sfm_memory_free(const SfmRunner *runner);

// Bytes of memory of this machine; UINT64_MAX where it does not say.
uint64_t sfm_memory_host(void);

#endif
