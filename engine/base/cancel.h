// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_BASE_CANCEL_H
#define SFM_BASE_CANCEL_H

#include <stdatomic.h>
#include <stdbool.h>

#include "base/error.h"

// The one place where threads meet: a flag that any thread, or a signal
// handler, may raise and that the thread which runs the job looks at between
// two submissions, and on the host between two rows of a picture. A zeroed flag is
// lowered.
typedef struct {
    atomic_bool raised;
    atomic_uint looks; // how often it has been looked at
    unsigned raise_at; // the look that raises it, for tests; 0: none
} SfmCancel;

static inline void sfm_cancel_raise(SfmCancel *cancel)
{
    atomic_store(&cancel->raised, true);
}

static inline void sfm_cancel_lower(SfmCancel *cancel)
{
    atomic_store(&cancel->raised, false);
}

// False, with SFM_ERROR_CANCELLED, once the flag is up. NULL never cancels.
static inline bool sfm_cancel_check(SfmCancel *cancel, GError **error)
{
    if (!cancel)
        return true;
    if (atomic_fetch_add_explicit(&cancel->looks, 1, memory_order_relaxed) + 1 == cancel->raise_at)
        sfm_cancel_raise(cancel);
    return !atomic_load(&cancel->raised) || sfm_fail(error, SFM_ERROR_CANCELLED, "cancelled");
}

#endif
