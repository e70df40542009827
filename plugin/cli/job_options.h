// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_CLI_JOB_OPTIONS_H
#define SFM_CLI_JOB_OPTIONS_H

#include "command.h"

enum { MAX_KNOBS = 16 }; // of one job

// What the command line of a job says. Texts are owned; NULL where not given.
typedef struct {
    CommonOptions common;
    SfmJob job;
    char *model, *schedule, *sampler, *noise, *size, *class_name, *output;
    char *memory;           // as given
    char **set;             // likewise
    char **kernel;          // likewise; one may be "usual", which is none
    char *knobs[MAX_KNOBS]; // of the job's own, in their order
    char **settings;        // both
    char **kernels;         // without "usual"
    char **inputs;          // paths
    gboolean dry_run;       // says what memory it takes, and makes nothing
    int steps, count;
    int depth; // bits a channel; below 0: not given
    gint64 seed;
    double guidance;
} JobOptions;

// A zeroed struct is a no-op.
void job_options_clear(JobOptions *options);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(JobOptions, job_options_clear)

// Reads the command line of a job. False: it makes no sense, and that has been
// said; exit with STATUS_USAGE, and clear the options in any case.
bool job_options_parse(JobOptions *options, SfmJob job, int argc, char **argv);

// The engine's request, without the pictures; points into `options`. False as
// above.
bool job_options_request(const JobOptions *options, SfmJobParams *params);

#endif
