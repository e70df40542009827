// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_FILE_NAMES_H
#define SFM_FILE_NAMES_H

// The name that a weight has today, for the name that a file of any age gives
// it: "...attentions.0.query.weight" is "...attentions.0.to_q.weight". Owned by
// the caller.
char *sfm_current_name(const char *name);

#endif
