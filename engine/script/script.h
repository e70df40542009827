// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_SCRIPT_SCRIPT_H
#define SFM_SCRIPT_SCRIPT_H

#include <sfumato/param.h>

#include "plan/runner.h"

// A schedule or a sampler: one Lua file that returned one declaration, in a
// state of its own behind the sandbox. One thread at a time.
typedef struct SfmScript SfmScript;

// A script's file as it is now. NULL with SFM_ERROR_NOT_FOUND or, for what is
// no file or cannot be read, SFM_ERROR_BAD_SCRIPT.
GBytes *sfm_script_read(const char *path, GError **error);

// Runs that text, which does nothing but declare. NULL with SFM_ERROR_BAD_SCRIPT;
// the message has file and line.
SfmScript *sfm_script_new(const char *path, GBytes *text, GError **error);

// Both.
SfmScript *sfm_script_load(const char *path, GError **error);

// NULL is a no-op.
void sfm_script_free(SfmScript *script);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SfmScript, sfm_script_free)

// Owned by the script.
const SfmScriptInfo *sfm_script_info(const SfmScript *script);

// The line on which the function that it declares begins, for messages; -1 if
// that is one of the host's.
int sfm_script_line(const SfmScript *script);

// Whether a script may declare that name.
bool sfm_script_is_name(const char *name);

// A deep copy, for those who outlive the script.
SfmScriptInfo *sfm_script_info_copy(const SfmScriptInfo *info);

// Sets a knob from text: "0.3", "true", "cosine". False with
// SFM_ERROR_BAD_ARGUMENT: no such knob (with a suggestion), or a value that is
// malformed or out of range (with name, range and value).
bool sfm_script_set(SfmScript *script, const char *name, const char *value, GError **error);

// The knobs and their present values as text, "eta=0.3", for recipes.
// NULL-terminated; the caller frees it with g_strfreev().
char **sfm_script_settings(const SfmScript *script);

// What a sampler claims of itself with its knobs as they are set.
typedef struct {
    int order;       // of convergence; 0: none
    int evals;       // calls of the model a step
    bool stochastic; // the result depends on noise that it draws
} SfmScriptClaims;

// Asks the sampler; SfmScriptInfo has the same with the default knobs. False,
// with SFM_ERROR_BAD_SCRIPT, if what it answers is no claim.
bool sfm_script_claims(SfmScript *sampler, SfmScriptClaims *claims, GError **error);

// What a script may know of the model: ctx.model, and a schedule's first
// argument.
typedef struct {
    const char *prediction;       // "epsilon", "v_prediction", "sample", "score", "consistency"
    double sigma_min, sigma_max;  // of the training schedule
    size_t num_train_timesteps;   // T; 0 for score and consistency networks
    const double *alphas_cumprod; // [T]; borrowed; NULL for those
    const char *spacing;          // "leading", "trailing", "linspace": of the published scheduler
    int steps_offset;
    SfmShape shape; // of x: [N, C, H, W], the image's channels and pixels
    int num_classes;
} SfmScriptModel;

// Noise levels of a run: steps lead from sigma[i] to sigma[i + 1].
typedef struct {
    size_t num;       // at least 2: steps plus one
    double *sigma;    // [num], strictly decreasing; the last may be 0
    double *timestep; // [num]; what the network is told at sigma[i]; NaN: derive it from sigma
} SfmLevels;

void sfm_levels_clear(SfmLevels *levels);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SfmLevels, sfm_levels_clear)

// What the schedule says that the network is told at a level; NaN: nothing.
double sfm_levels_timestep(const SfmLevels *levels, double sigma);

// Asks a schedule for the levels of a run of `num_steps` steps, checks them as
// docs/scripts.md says and appends what is missing. A schedule that has betas is
// re-spaced as its knobs say that the host gives it: "spacing" and "steps_offset",
// by default the model's, and "zero_snr".
bool sfm_script_levels(SfmScript *schedule, const SfmScriptModel *model, int num_steps,
                       SfmLevels *levels, GError **error);

// What a script may ask of one call of ctx:denoise().
typedef struct {
    double guidance;        // NaN: the job's
    const char *class_name; // NULL: the job's
} SfmDenoiseOptions;

// What a sampler asks of its host. A function that returns false, with `error`
// set, ends the run; the script cannot catch that. note() and log() return
// nothing, and may be NULL.
typedef struct {
    SfmRunner *runner; // borrowed
    SfmCancel *cancel; // likewise: looked at before each kernel of the script; NULL never cancels
    SfmScriptModel model;
    double guidance; // that was asked for, which a sampler may vary by level; 1: none
    void *user_data;

    // x at level sigma, in sigma space -> the clean estimate after clipping and
    // the unit noise estimate before it. x0 and eps are buffers of x's shape.
    bool (*denoise)(void *user_data, SfmBuffer *x, double sigma, const SfmDenoiseOptions *options,
                    SfmBuffer *x0, SfmBuffer *eps, GError **error);

    // What the network is told at level sigma, which may be 0: a timestep, perhaps
    // between two whole ones, or the level itself. Quick; calls nobody back.
    double (*timestep)(void *user_data, double sigma);

    // The raw network output (its first channels, as many as x has) at a timestep.
    // NULL: the model has no timesteps.
    bool (*predict)(void *user_data, SfmBuffer *x_vp, double timestep, SfmBuffer *out,
                    GError **error);

    // The sigma-space variance, element by element, of the step a -> b from the
    // last call of a network that learned it. NULL: none did.
    bool (*learned_variance)(void *user_data, double a, double b, SfmBuffer *out, GError **error);

    // Unit normals: a pure function of (seed, image, step, stream, element).
    bool (*noise)(void *user_data, uint32_t step, uint32_t stream, SfmBuffer *out, GError **error);

    // The end of step i (0-based): progress and cancel. x0 is NULL where the
    // script gave none.
    bool (*step)(void *user_data, uint32_t i, SfmBuffer *x, SfmBuffer *x0, GError **error);

    void (*note)(void *user_data, const char *key, const char *value); // into the recipe
    void (*log)(void *user_data, const char *text);
} SfmSampling;

// Takes x, in place, from levels->sigma[0] to the last level. In both forms of
// sampler; SFM_ERROR_BAD_NUMBER names the first step where x was not finite.
bool sfm_script_sample(SfmScript *sampler, const SfmSampling *sampling, const SfmLevels *levels,
                       SfmBuffer *x, GError **error);

#endif
