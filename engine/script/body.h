// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_SCRIPT_BODY_H
#define SFM_SCRIPT_BODY_H

#include "script/pool.h"
#include "script/script.h"
#include "script/state.h"
#include "script/value.h"

// Which of its functions a script declared.
typedef enum {
    SFM_FORM_STEP,   // a sampler; the host runs the loop
    SFM_FORM_SAMPLE, // a sampler; the script runs it
    SFM_FORM_SIGMAS, // a schedule of noise levels
    SFM_FORM_BETAS,  // a training schedule
} SfmScriptForm;

typedef struct SfmScriptRun SfmScriptRun;

// The state comes first: a function in Lua finds the script by it.
struct SfmScript {
    SfmState state;
    SfmScriptInfo *info;
    const char *text; // while it is loaded: of its file, not ended by NUL; borrowed; else NULL
    size_t text_size; // bytes
    SfmScriptForm form;
    int line;              // where its function begins; -1: it is none of its own
    SfmParamValue *values; // [info->num_params]
    SfmPool pool;          // the tensors' buffers, while a sampler runs
    int num_tensors;       // that Lua has not collected
    SfmScriptRun *run;     // borrowed; NULL: no sampler runs
};

static inline SfmScript *sfm_script_of(lua_State *L)
{
    return (SfmScript *)sfm_state_of(L);
}

// How far, relatively, rounding may take a level beyond the model's ends.
#define SFM_LEVELS_SLACK 1.001

// `num` levels to be filled in, of which the network is told what fits.
void sfm_levels_init(SfmLevels *levels, size_t num);

// Adds `diffusion` and `_` to the globals at the top of the stack.
void sfm_declaration_open(lua_State *L);

// Takes what the chunk returned, at the top of the stack, into the script's
// info and registry, or raises an error that says what is wrong with it.
void sfm_declaration_take(lua_State *L);

// Gives every knob the value that it declares. Once, when all are declared.
void sfm_params_reset(SfmScript *script);

// Takes what the sampler's declaration at `table` claims, which may depend on the
// knobs: with those as they are, into the info.
void sfm_claims_take(lua_State *L, int table);

// What a knob is set to, which the script has.
const SfmParamValue *sfm_param_value(const SfmScript *script, const char *name);

// Pushes a table of the knobs' values, in which a misspelt name is an error.
void sfm_params_push(lua_State *L, const SfmScript *script);

// Pushes what a script may know of the model, likewise.
void sfm_model_push(lua_State *L, const SfmScriptModel *model);

// Make the metatables: of tensors and of numbers, which have the same methods
// since a reduction may give either; and of ctx.
void sfm_tensors_open(lua_State *L);
void sfm_context_open(lua_State *L);

#endif
