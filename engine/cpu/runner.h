// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_CPU_RUNNER_H
#define SFM_CPU_RUNNER_H

#include "plan/runner.h"

// The name of its target.
#define SFM_CPU_FAMILY "reference"

// Runs plans with the ops' C references, in host memory: slow, right, the oracle
// that vk/ is compared with. Making one cannot fail.
SfmRunner *sfm_cpu_runner_new(void);

#endif
