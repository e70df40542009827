// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_SCRIPT_SOURCE_H
#define SFM_SCRIPT_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>

// The line, from 1, on which a table begins with this string: { "eta", ... }. 0: there is
// none, or more than one, so that it might be the wrong one. `text` is what Lua has
// compiled; it needs no NUL at its end.
int sfm_source_line_of(const char *text, size_t size, const char *name);

#endif
