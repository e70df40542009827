// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_BASE_SUGGEST_H
#define SFM_BASE_SUGGEST_H

#include <stddef.h>

// "Did you mean": the one of `num` candidates that `word` is most likely a slip
// of, by edit distance, ignoring case; of several as near, the first by the
// alphabet. NULL if none is near. Borrowed from `candidates`.
const char *sfm_suggest(const char *word, const char *const *candidates, size_t num);

#endif
