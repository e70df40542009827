// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_BASE_CANCEL_H
#define SFM_BASE_CANCEL_H

#include <stdatomic.h>
#include <stdbool.h>

#include "base/error.h"

// The one place where threads meet: a flag that any thread, or a signal
// handler, may raise and that the thread which runs the job looks at between
// two submissions. A zeroed flag is lowered.
typedef struct {
    atomic_bool raised;
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
    if (cancel && atomic_load(&cancel->raised))
        return sfm_fail(error, SFM_ERROR_CANCELLED, "cancelled");
    return true;
}

#endif
