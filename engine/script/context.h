// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_SCRIPT_CONTEXT_H
#define SFM_SCRIPT_CONTEXT_H

#include "script/body.h"

// One run of a sampler.
struct SfmScriptRun {
    const SfmSampling *host; // borrowed
    const SfmLevels *levels; // borrowed
    SfmBuffer *x;            // the host's: where the run starts from and ends in
    float *values;           // [N] for what is read of each image; owned
    uint32_t num_done;       // steps that have ended
    uint32_t num_streams;    // of noise that the present step has drawn by counting
    lua_Integer last;        // the index that ctx:step() was last given; 0: none
    size_t num_calls;        // of denoise, predict and step
    size_t num_logged;       // bytes
    size_t num_noted;        // bytes
};

// Pushes a fresh ctx.
void sfm_context_push(lua_State *L);

// Calls the model on the tensor at `x`; pushes x0 and eps. Guidance that the
// options do not give is the script's to say.
void sfm_context_denoise(lua_State *L, int x, double sigma, const SfmDenoiseOptions *options);

// Ends step i (from 1) with the tensor at `y`; `x0` is the index of one, or 0.
// The result, which the host may have changed, goes to index `keep` and becomes
// the top: what lay above it is given up.
void sfm_context_step(lua_State *L, lua_Integer i, int y, int x0, int keep);

// Raises SFM_ERROR_BAD_NUMBER if an image of `buffer` has an element that is not
// finite. `step` is from 1.
void sfm_context_check_finite(lua_State *L, SfmBuffer *buffer, lua_Integer step);

#endif
