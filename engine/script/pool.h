// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_SCRIPT_POOL_H
#define SFM_SCRIPT_POOL_H

#include "plan/runner.h"

#define SFM_POOL_MAX         64  // tensors that a script may keep
#define SFM_POOL_MAX_KERNELS 256 // different ones of a run: each must be compiled, and is kept

typedef struct SfmTerm SfmTerm;

// A buffer, and who counts on it.
typedef struct {
    SfmBuffer *buffer; // NULL: not made yet
    int refs;          // 0: free to be taken
    bool borrowed;     // the host's: not freed
} SfmSlot;

// The buffers of one run of a sampler. Those that nobody counts on any more are
// taken again, so that steps 2 and on allocate nothing; and before there is one
// more, what a script has dropped is collected: so there are as many as it keeps at once.
typedef struct {
    SfmRunner *runner;             // borrowed; NULL between runs
    SfmCancel *cancel;             // likewise; NULL never cancels
    SfmShape shape;                // of x
    void (*collect)(void *script); // drops what nobody can reach any more; NULL: nothing is known
    void *script;                  // borrowed, for collect()
    unsigned run;                  // counts the runs: slots of an earlier one are void
    unsigned num_kernels;          // that have been asked for
    GHashTable *kernels;           // the expressions that the run has made kernels of, as GBytes
    SfmTerm *terms;                // all that are counted on, of any run
    SfmSlot full[SFM_POOL_MAX];    // of x's shape
    SfmSlot single[SFM_POOL_MAX];  // [N, 1, 1, 1]: one value an image
} SfmPool;

void sfm_pool_begin(SfmPool *pool, SfmRunner *runner, SfmShape shape);

// Frees the buffers, all but borrowed ones. Terms that still point here are void.
void sfm_pool_end(SfmPool *pool);

// A slot with a buffer of undefined contents and one count on it. NULL, with
// `error` set: no memory, or all are in use.
SfmSlot *sfm_pool_take(SfmPool *pool, bool per_image, GError **error);

// A slot for a buffer of the host, of x's shape. Once a run, before any other.
SfmSlot *sfm_pool_borrow(SfmPool *pool, SfmBuffer *buffer);

// Whether the run may have a kernel of that expression: one more, or one it has.
bool sfm_pool_take_kernel(SfmPool *pool, const SfmExpr *expr, GError **error);

// Whether a buffer of x's shape can be had.
bool sfm_pool_has_room(SfmPool *pool);

#endif
