// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_SCRIPT_REPORT_H
#define SFM_JOB_SCRIPT_REPORT_H

#include <sfumato/scripts.h>

#include "job/analytic.h"

// A script under examination, and what has been found.
typedef struct {
    SfmScript *script;           // owned; NULL: it does not load
    SfmScriptReport *report;     // owned
    const SfmAnalyticKind *kind; // the first on which it works; NULL: none has been found
} SfmExamination;

// Loads the script, and begins a report on it.
void sfm_examination_init(SfmExamination *e, const char *path);
void sfm_examination_clear(SfmExamination *e);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SfmExamination, sfm_examination_clear)

// Adds a sentence, once, with the script's file and line if it has none. The
// circumstances, "variance=large, 10 steps", stand behind it in brackets; NULL:
// none.
void sfm_examination_problem(SfmExamination *e, const char *sentence, const char *circumstances);
void sfm_examination_remark(SfmExamination *e, const char *sentence, const char *circumstances);

// The settings that a script is tried with: "", its defaults, and "name=value"
// for every other value of every choice and boolean, and for those ends of a
// number's range, and values of a short one of integers, at which a sampler claims
// something else. The caller frees them with g_strfreev().
char **sfm_script_variants(SfmScript *script);

// Puts all knobs to their defaults, and one as the variant says.
void sfm_script_set_variant(SfmScript *script, const char *variant);

// Finds whether it runs at all and on which kind of model, and runs it dry: what
// sfm_script_check() says.
void sfm_examination_check(SfmExamination *e);

// num + 1 levels from one to another, evenly spaced in their 7th roots (Karras et
// al. 2022, equation 5); `to` may be 0: then the last but one is `least`.
void sfm_examination_levels(SfmLevels *levels, size_t num_steps, double from, double least,
                            double to);

#endif
