// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_ENGINE_H
#define SFM_JOB_ENGINE_H

#include <sfumato/engine.h>

#include "job/network.h"

// What the jobs share: a device, and the model that was used last, so that a
// second job with it, at the same size and batch, starts at once.
struct SfmEngine {
    char *data_dir; // as given; NULL: see sfm_data_dir()
    SfmScriptLibrary *library;
    char *device; // its name
    SfmRunner *runner;
    char *identity;    // of the device and the kernels for it; NULL: it has no choice of them
    SfmChoices *tuned; // of them, by `sfumato tune`; NULL: none
    SfmCancel cancel;
    char *model;         // the name or path by which `network` was asked for
    SfmNetwork *network; // NULL: no model has been used
};

// The network of a model, by name or path, to run with the kernels that were
// tuned. Kept until another is asked for, so that what changes in its folder
// meanwhile is not seen; borrowed from the engine.
SfmNetwork *sfm_engine_network(SfmEngine *engine, const char *model, GError **error);

// The network of a job's model, as above, to run with the kernels that the job names.
SfmNetwork *sfm_engine_job_network(SfmEngine *engine, const SfmJobParams *params, GError **error);

// Keeps a network in place of the one before; takes ownership.
void sfm_engine_keep(SfmEngine *engine, const char *model, SfmNetwork *network);

// Ends a job that failed: hands its failure on, takes ownership of it, and
// lowers a cancel that has thereby been obeyed. Always returns false.
bool sfm_engine_fail(SfmEngine *engine, GError *why, GError **error);

#endif
