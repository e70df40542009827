// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_BENCH_NETWORK_H
#define SFM_JOB_BENCH_NETWORK_H

#include "job/engine.h"

// Whether it is a published network that the benchmark knows by name, and runs with
// random weights.
bool sfm_bench_is_published(const char *name);

// One of those, or a model's, that runs with the usual kernels. The caller owns it.
SfmNetwork *sfm_bench_network_new(SfmEngine *engine, const char *name, GError **error);

// The same, with what was tuned. Borrowed from the engine, which keeps it.
SfmNetwork *sfm_bench_network(SfmEngine *engine, const char *name, GError **error);

#endif
