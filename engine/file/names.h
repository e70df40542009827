// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_FILE_NAMES_H
#define SFM_FILE_NAMES_H

#include <glib.h>

// The name that a weight has today, for the name that a file of any age gives
// it: "...attentions.0.query.weight" is "...attentions.0.to_q.weight". Owned by
// the caller.
char *sfm_current_name(const char *name);

// The keys of a table of strings, sorted. The array is the caller's, the strings
// are the table's.
char **sfm_sorted_keys(GHashTable *table, guint *num);

#endif
