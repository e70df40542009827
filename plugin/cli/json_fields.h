// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_CLI_JSON_FIELDS_H
#define SFM_CLI_JSON_FIELDS_H

#include <glib.h>

// Adds `"key": "text"`, the text escaped. The comma before it is the caller's.
void json_add_text(GString *out, const char *key, const char *text);

// Adds `, "key": value` to an object that has a field already, ten digits, with a
// point in every language. The value is finite.
void json_add_number(GString *out, const char *key, double value);

#endif
