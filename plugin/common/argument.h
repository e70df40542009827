// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_COMMON_ARGUMENT_H
#define SFM_COMMON_ARGUMENT_H

#include <stdbool.h>
#include <stddef.h>

#include <sfumato/job.h>

// What can be asked for in a job: the fields that all jobs have, declared here
// once, and behind them the job's own knobs, which the engine declares. The
// procedures of both GIMPs, what is checked, and what is remembered come from
// this. GIMP 2.10 calls by position, so knobs are only ever added at the end, and
// fields no more.
typedef enum {
    SFM_ARGUMENT_INTEGER,
    SFM_ARGUMENT_NUMBER,
    SFM_ARGUMENT_TEXT,
} SfmArgumentType;

// All that it points to is static.
typedef struct {
    const char *name;  // as the procedure has it
    const char *label; // for people, without a mnemonic, untranslated
    const char *help;  // likewise, a sentence without its full stop
    SfmArgumentType type;
    double min, max;          // of integers and numbers
    double default_number;    // likewise
    const char *default_text; // of texts
    char *const *choices; // a text must be empty or one of these, up to a NULL; NULL: any will do
    SfmJob job;
    int knob;      // which of the job's own; -1: a field
    bool is_each;  // the field has a value for each job
    size_t offset; // of that field in SfmForm, or in SfmFormEach: int, double or char *
} SfmArgument;

// How many the job has, and the one at `index`, counted from 0.
int sfm_num_arguments(SfmJob job);
SfmArgument sfm_argument(SfmJob job, int index);

// By name. False: the job has none of that name, and `argument` is as it was.
bool sfm_find_argument(SfmJob job, const char *name, SfmArgument *argument);

// The greatest number that a field takes, which must be one of generate's.
double sfm_field_max(const char *name);

// The help with the range behind it, as GIMP's procedure browser has it: "How much
// becomes new (0 <= strength <= 1)", "... { linear, spherical }". In the user's
// language; the caller frees it.
char *sfm_argument_help(const SfmArgument *argument);

#endif
