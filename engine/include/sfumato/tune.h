// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFUMATO_TUNE_H
#define SFUMATO_TUNE_H

#include <stdbool.h>

#include <glib.h>
#include <sfumato/engine.h>

G_BEGIN_DECLS

// Which kernels are the fastest on a device: measured once, kept in a file of the
// user's cache folder ($XDG_CACHE_HOME/sfumato), heeded by every engine that opens
// the same device with the same driver and build from then on.

// One of the kernels that can run the same calls.
typedef struct {
    char *call;          // what they have in common: "conv2d 128x32x32 128x3x3 128 > 128x32x32"
    char *kernel;        // its name
    int count;           // how many of the calls there are in one evaluation
    double milliseconds; // that all of them take, median of the rounds
    double speed;        // times as fast as the usual kernel, likewise; that has 1
    bool usual, chosen;  // what runs where nobody has tuned; what runs from now on
} SfmTuneRow;

typedef struct {
    GPtrArray *rows; // of SfmTuneRow: those of a call together, the usual one first
    char *path;      // of the file
    int num_tuned;   // calls, of this network, that run with a kernel that is not the usual one
} SfmTune;

void sfm_tune_clear(SfmTune *tune);

// A zeroed field is the default.
typedef struct {
    const char *model; // as in SfmBenchParams, but there is no default
    int width, height; // in pixels; 0: the model's own
    int batch;         // images at once, 1 .. 1024; 0: one. The choice holds for any batch
    int rounds;        // 1 .. 1000; 0: 12

    SfmProgressFunc progress; // may be NULL; a step is a round
    void *user_data;
} SfmTuneParams;

// Runs the network with each kernel in turn that can run a call, round by round,
// and keeps in the file which do so at least 5 % faster than the usual ones; what
// the file says of other calls stays. Blocks to the end. False, with
// SFM_ERROR_UNSUPPORTED, for a device whose calls have one kernel each.
bool sfm_engine_tune(SfmEngine *engine, const SfmTuneParams *params, SfmTune *tune, GError **error);

// Removes the file of the engine's device. `there`: whether there was one.
bool sfm_engine_forget_tuning(SfmEngine *engine, bool *there, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SfmTune, sfm_tune_clear)

G_END_DECLS

#endif
