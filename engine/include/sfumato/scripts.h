// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFUMATO_SCRIPTS_H
#define SFUMATO_SCRIPTS_H

#include <stdbool.h>

#include <glib.h>
#include <sfumato/error.h>
#include <sfumato/param.h>

G_BEGIN_DECLS

// For those who write schedules and samplers: a file to start from, and whether
// a script is right. None of this needs an engine or a GPU. From any thread; a
// call blocks to its end: a check takes a tenth of a second, a test seconds.

// ---- new --------------------------------------------------------------------

// Where a user's own scripts lie: sfumato/scripts in the XDG data folder, which
// need not exist. The caller frees it.
char *sfm_script_folder(void);

// Writes a script of that kind that works and explains itself, to `path`; NULL:
// to NAME.lua in sfm_script_folder(), which is made if need be. Returns the path,
// which the caller frees. NULL with SFM_ERROR_BAD_ARGUMENT for a name that a
// script may not have, with SFM_ERROR_NOT_WRITTEN for a file that is there
// already or cannot be written; nothing is then changed.
char *sfm_script_create(SfmScriptKind kind, const char *name, const char *path, GError **error);

// ---- check and test ---------------------------------------------------------

// A claim measured. `claimed` and `measured` are NaN where there is none.
typedef struct {
    double claimed, measured;
    bool kept;
} SfmScriptClaim;

// A script tried with its knobs set in one way.
typedef struct {
    char *settings; // of the one knob that is not at its default, "variance=large"; "": none is
    SfmScriptClaim order;      // of convergence; measured where it is claimed
    SfmScriptClaim evals;      // calls of the model a step; of samplers that are not adaptive
    SfmScriptClaim mean;       // of stochastic samplers: how far off the mixture's it is at most,
                               // and may be, in the data's standard deviations
    SfmScriptClaim covariance; // likewise, in the data's variance
    double standard_error;     // of `mean`, likewise; NaN: not stochastic
    bool stochastic;           // as it claims
    bool repeatable;           // the same bits for the same seed, at every place in a batch
    double milliseconds;       // of the script itself, on the processor, a step of one image
    double kernels;            // on the device, a step; of the script itself
} SfmScriptTrial;

// What became of one script.
typedef struct {
    char *path;
    SfmScriptInfo *info;  // NULL: it does not load
    GPtrArray *trials;    // of SfmScriptTrial; empty after a check, and for schedules
    GPtrArray *problems;  // of char *: sentences without a full stop, "it.lua:5: ..."
    GPtrArray *remarks;   // likewise: worth knowing, and no fault
    int num_runs;         // that were made, of a sampler or of a schedule's function
} SfmScriptReport;

// Loads the file and runs it dry on a model that can be written down, the exact
// denoiser of a mixture of Gaussians: a schedule for models of several kinds and
// several numbers of steps, a sampler for 1, 2 and 10 steps of one and two
// images, with every value of every choice and boolean. Never NULL: whatever is
// wrong is in the report.
SfmScriptReport *sfm_script_check(const char *path);

// Checks, and then measures what a sampler claims: its order of convergence
// against the exact solution of the probability flow, or, if it is stochastic,
// the mean and covariance of what it draws; calls of the model; whether it can be
// repeated; what it costs.
SfmScriptReport *sfm_script_test(const char *path);

// NULL is a no-op.
void sfm_script_report_free(SfmScriptReport *report);

// Reports as a JSON array, for programs. The caller frees the text.
char *sfm_script_reports_json(SfmScriptReport *const *reports, size_t num);

// ---- the API ----------------------------------------------------------------

typedef enum {
    SFM_API_MANUAL, // for people
    SFM_API_JSON,   // for programs
    SFM_API_STUB,   // for editors: annotations of LuaLS
} SfmApiFormat;

// Every function that a script can call, from the table that they are registered
// by. The caller frees the text.
char *sfm_script_api_text(SfmApiFormat format);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SfmScriptReport, sfm_script_report_free)

G_END_DECLS

#endif
