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
// to NAME.lua in sfm_script_folder(), which is made if need be. `data_dir` is
// where lua/ is; NULL: $SFUMATO_DATA, else where it was installed. Returns the
// path, which the caller frees. NULL with SFM_ERROR_BAD_ARGUMENT for a name that
// a script may not have and for a file that is there already, with
// SFM_ERROR_NOT_WRITTEN; nothing is then changed.
char *sfm_script_create(const char *data_dir, SfmScriptKind kind, const char *name,
                        const char *path, GError **error);

// The files that are meant by a path, which has a '/' or ends in .lua, or by the
// name of a schedule or sampler or of its file; NULL: all that can be asked for by
// name, and those that do not load. NULL-terminated; the caller frees them with
// g_strfreev(). NULL with SFM_ERROR_NOT_FOUND, naming what is near; a path is not
// looked at.
char **sfm_script_paths(const char *data_dir, const char *name, GError **error);

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
    SfmScriptInfo *info; // NULL: it does not load
    GPtrArray *trials;   // of SfmScriptTrial; empty after a check, and for schedules
    GPtrArray *problems; // of char *: sentences without a full stop, "it.lua:5: ..."
    GPtrArray *remarks;  // likewise: worth knowing, and no fault
    int num_runs;        // that were made, of a sampler or of a schedule's function
} SfmScriptReport;

// Loads the file and runs it dry on a model that can be written down, the exact
// denoiser of a mixture of Gaussians: a schedule for models of several kinds and
// several numbers of steps, a sampler for 1, 2 and 10 steps of one and two
// images; with every value of every choice and boolean, and where numbers change
// what it claims. Never NULL: whatever is
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

// ---- levels -----------------------------------------------------------------

// Which run of a schedule is asked about. Zero and NULL are defaults.
typedef struct {
    const char *data_dir;        // where lua/ and models/ are; NULL: as in sfm_script_create()
    const char *schedule;        // a name, or a path
    const char *model;           // likewise; NULL: one of 1000 timesteps with linear betas
    int num_steps;               // 1 .. 10000; 0: 30
    const char *const *settings; // of its knobs, "rho=3"; NULL-terminated; NULL: none
} SfmScheduleQuestion;

// The levels of that run: steps lead from sigma[i] to sigma[i + 1].
typedef struct {
    char *name;           // the schedule's
    size_t num;           // at least 2
    double *sigma;        // [num], strictly falling; the last may be 0
    double *timestep;     // [num], that the network is told there; NaN: none, as at level 0
    size_t num_timesteps; // T of the model; 0: it is told levels
} SfmScheduleLevels;

// What generating a picture would go through. False with SFM_ERROR_NOT_FOUND,
// SFM_ERROR_BAD_SCRIPT, SFM_ERROR_BAD_ARGUMENT and those of models; `levels` is
// then as it was. The caller clears them.
bool sfm_schedule_levels(const SfmScheduleQuestion *question, SfmScheduleLevels *levels,
                         GError **error);

// A zeroed struct is a no-op.
void sfm_schedule_levels_clear(SfmScheduleLevels *levels);

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
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SfmScheduleLevels, sfm_schedule_levels_clear)

G_END_DECLS

#endif
