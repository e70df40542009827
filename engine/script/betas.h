// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_SCRIPT_BETAS_H
#define SFM_SCRIPT_BETAS_H

#include "script/body.h"

// The training schedule that a script's betas define.
typedef struct {
    size_t num;             // T
    double *alphas_cumprod; // [num]; owned
} SfmBetas;

// A zeroed one is a no-op.
void sfm_betas_clear(SfmBetas *betas);

// The level of abar in sigma space; abar = 0 enters as 2^-40.
double sfm_betas_sigma(double alpha_cumprod);

// Takes the list at the top of the stack, or raises an error that says what is
// wrong with it. `betas` is to be cleared in any case.
void sfm_betas_take(lua_State *L, SfmBetas *betas);

// The levels of a run of `num_steps` of them, by the schedule's host knobs: which
// of the training steps it visits, and whether the last leaves nothing of the
// image, for which `betas` is rescaled.
bool sfm_betas_respace(SfmBetas *betas, const SfmScript *schedule, const SfmScriptModel *model,
                       size_t num_steps, SfmLevels *levels, GError **error);

#endif
