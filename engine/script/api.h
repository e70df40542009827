// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_SCRIPT_API_H
#define SFM_SCRIPT_API_H

#include <stdbool.h>
#include <stddef.h>

// The version of the API that this host runs. There is none before it.
#define SFM_API 1

struct lua_State;

// One thing that a script can call, read or declare. It is registered from here,
// beside its code; the editors' stub, the manual page and the JSON come from here
// too, so that none can differ from what there is.
//
// Types are those of LuaLS: tensor, number, integer[], fun(x: tensor): number.
typedef struct {
    const char *name;
    int (*function)(struct lua_State *L); // NULL: Lua's own function, or no function
    const char *arguments; // "x: tensor, w?: number"; "": none; NULL: it is no function
    const char *result;    // "x0: tensor, eps: tensor" or a type alone; "": none
    const char *text;      // what it does or means, without a full stop
} SfmApiEntry;

// What is found in one place.
typedef struct {
    const char *title;          // a heading
    const char *type;           // what editors call that place: "context"; "" and "math" are Lua's
    const char *prefix;         // what a script writes before the names: "ctx:"
    const char *text;           // a paragraph
    bool is_luas;               // which editors know without us
    const SfmApiEntry *entries; // the last has no name
} SfmApiSection;

// All of them, in the order of the manual.
const SfmApiSection *sfm_script_api(size_t *num_sections);

// What the sections are made of.
extern const SfmApiEntry sfm_api_globals[];    // sandbox.c: of Lua
extern const SfmApiEntry sfm_api_math[];       // sandbox.c
extern const SfmApiEntry sfm_api_strings[];    // strings.c
extern const SfmApiEntry sfm_api_tables[];     // tables.c
extern const SfmApiEntry sfm_api_marks[];      // declaration.c: of ours
extern const SfmApiEntry sfm_api_diffusion[];  // declaration.c
extern const SfmApiEntry sfm_api_sampler[];    // declaration.c: fields that can be declared
extern const SfmApiEntry sfm_api_schedule[];   // declaration.c
extern const SfmApiEntry sfm_api_knob[];       // params.c
extern const SfmApiEntry sfm_api_levels[];     // levels.c: what sigmas() may return
extern const SfmApiEntry sfm_api_model[];      // model.c
extern const SfmApiEntry sfm_api_context[];    // context.c
extern const SfmApiEntry sfm_api_options[];    // context.c: of ctx:denoise()
extern const SfmApiEntry sfm_api_operators[];  // operations.c: of tensors
extern const SfmApiEntry sfm_api_operations[]; // operations.c: of tensors and numbers
extern const SfmApiEntry sfm_api_tensor[];     // tensors.c and reduction.c: of tensors alone

// The entry of that name; NULL if there is none.
const SfmApiEntry *sfm_api_find(const SfmApiEntry *entries, const char *name);

// Puts the functions among the entries into the table at the top. Those that are
// Lua's own come from the table at `lua`, which has them.
void sfm_api_register(struct lua_State *L, const SfmApiEntry *entries, int lua);

#endif
