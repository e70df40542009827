// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_SCRIPT_STATE_H
#define SFM_SCRIPT_STATE_H

#include <locale.h>
#include <stdbool.h>
#include <stdint.h>

#include <lauxlib.h>
#include <lua.h>

#include "base/error.h"

// A Lua state that cannot hang its host or eat its memory. All Lua runs inside
// sfm_state_run(), in protected mode and in the C locale, on a grant of
// instructions and of processor time. Who overdraws is condemned: from then on
// every instruction raises an error, and no pcall catches it.
typedef struct {
    lua_State *lua;
    char *name;     // of the script's file, without its folder; owned
    size_t memory;  // bytes in use
    int64_t work;   // instructions left, of Lua or their worth in C
    int64_t end_ns; // when the grant of processor time ends, on the thread's clock
    long tick_ns;   // of the coarse clock, when the thread's was last looked at
    double seconds; // that the grant was for, to say so
    bool condemned;
    char *reason;          // what it was condemned for, with a line; owned; NULL: by its host
    int refused_line;      // that was running when memory was refused, or not long before; 0: none
    int seen_line;         // that was running when the hook last was called; 0: none
    int line;              // where the function starts whose answer the host looks at; 0: none
    bool is_located;       // the message of the error to come has a line, and not that of a call
    GError *host_error;    // what ended the run, where the host did; owned
    locale_t c, outer;     // "C", and what the thread had before
    int64_t host_start_ns; // when the script last called its host
} SfmState;

#define SFM_STATE_MEMORY ((size_t)64 << 20) // bytes a state may have

// Bytes of one table, of the stack, and of one text with its header: what bounds
// the time of a single instruction. Texts are compared byte by byte where those
// are NUL, 10 ms a MiB.
#define SFM_STATE_MAX_BLOCK ((size_t)4 << 20)
#define SFM_STATE_MAX_TEXT  (((size_t)1 << 20) + 64)

// What a script may spend until it is granted anew.
typedef struct {
    int64_t work;
    double seconds;
} SfmGrant;

extern const SfmGrant sfm_grant_compile; // before it runs
extern const SfmGrant sfm_grant_load;    // to declare itself
extern const SfmGrant sfm_grant_call;    // between two calls of the host

// `name` is copied. False, with SFM_ERROR_NO_MEMORY, if Lua does not start;
// the state is to be cleared in any case.
bool sfm_state_init(SfmState *state, const char *name, GError **error);

// A zeroed state is a no-op.
void sfm_state_clear(SfmState *state);

// Calls function(L) with `argument` as its only, light userdata. An error in
// it ends here: with the host's GError, or with SFM_ERROR_BAD_SCRIPT and a line
// that names the script and says where.
bool sfm_state_run(SfmState *state, lua_CFunction function, void *argument, SfmGrant grant,
                   GError **error);

// The state that a function runs in.
static inline SfmState *sfm_state_of(lua_State *L)
{
    return *(SfmState **)lua_getextraspace(L);
}

// Pushes the number as a message has it: a whole one without the ".0" that Lua
// would give it.
const char *sfm_state_push_number(lua_State *L, double number);

// The number at `index` is one that fits, or the error says what was expected, and
// what came.
void sfm_state_check_number(lua_State *L, int index, bool fits, const char *expected);

// Pushes "FILE:LINE: ", of the function whose answer the host looks at.
void sfm_state_push_where(lua_State *L);

// Takes `work` instructions' worth from the grant, for a loop in C. Raises the
// error when the grant is overdrawn.
void sfm_state_spend(lua_State *L, size_t work);

// Ends the run with "FILE:LINE: WHY"; no pcall catches it.
int sfm_state_condemn(lua_State *L, const char *why);

// The text on one line, without what a terminal would obey. The caller's.
char *sfm_state_plain_line(const char *text);

// Raises the error when the grant of time is overdrawn.
void sfm_state_check_time(lua_State *L);

// Renews the grant: the host has been called.
void sfm_state_grant(SfmState *state, SfmGrant grant);

// Around each call into the host: its time is not the script's, its locale not
// the C locale.
void sfm_state_enter_host(SfmState *state);
void sfm_state_leave_host(SfmState *state);

// Ends the run with `error`, which the state takes; no pcall catches it.
int sfm_state_raise(lua_State *L, GError *error);

// Raises whatever condemned the script again, from a pcall; returns if nothing
// has. `status` is what lua_pcall() gave.
void sfm_state_rethrow(lua_State *L, int status);

#endif
