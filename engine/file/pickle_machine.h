// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_FILE_PICKLE_MACHINE_H
#define SFM_FILE_PICKLE_MACHINE_H

#include "file/pickle.h"

// The machine that reads pickles, between pickle.c, which has its general
// instructions, and pickle_torch.c, which has those that mean torch's tensors.

typedef enum {
    SFM_PICKLE_MARK,
    SFM_PICKLE_NONE,
    SFM_PICKLE_BOOL,
    SFM_PICKLE_INT,
    SFM_PICKLE_TEXT,
    SFM_PICKLE_TUPLE,
    SFM_PICKLE_GLOBAL,
    SFM_PICKLE_STORAGE,
    SFM_PICKLE_TENSOR,
    SFM_PICKLE_DICT,
} SfmPickleKind;

// The globals that are known.
typedef enum {
    SFM_PICKLE_ORDERED_DICT,
    SFM_PICKLE_REBUILD_TENSOR,
    SFM_PICKLE_REBUILD_PARAMETER,
    SFM_PICKLE_STORAGE_CLASS,
} SfmPickleGlobal;

// Values live until the machine ends, so they may refer to each other freely.
typedef struct SfmPickleValue SfmPickleValue;
struct SfmPickleValue {
    SfmPickleKind kind;
    SfmPickleGlobal global;
    SfmDtype dtype;           // of a storage, or of its class
    int64_t integer;          // an int; a storage's length
    char *text;               // owned
    const char *key;          // a storage's; borrowed from a text
    GPtrArray *items;         // a tuple's; a dict's, key and value in turn; owned
    SfmPickledTensor *tensor; // without a name; owned
};

typedef struct {
    const char *path;
    const uint8_t *bytes;
    size_t size, at;
    GPtrArray *arena; // owns all values
    GPtrArray *stack;
    GHashTable *memo; // from numbers to values
    bool stopped;
} SfmPickleMachine;

// One instruction; `code` is its byte.
typedef bool SfmPickleRun(SfmPickleMachine *m, uint8_t code, GError **error);

// Fails with "PATH: data.pkl: byte N: WHAT".
bool sfm_pickle_bad(const SfmPickleMachine *m, const char *what, GError **error);

// A new value on the stack.
SfmPickleValue *sfm_pickle_push(SfmPickleMachine *m, SfmPickleKind kind);

// The value on top of the stack; NULL if there is none above the last mark.
SfmPickleValue *sfm_pickle_top(const SfmPickleMachine *m);
SfmPickleValue *sfm_pickle_pop(SfmPickleMachine *m);

// The program up to a newline, which is left out. The caller then owns it.
char *sfm_pickle_take_line(SfmPickleMachine *m, GError **error);

SfmPickleRun sfm_pickle_run_global, sfm_pickle_run_binpersid, sfm_pickle_run_reduce,
    sfm_pickle_run_build;

#endif
