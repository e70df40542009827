// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_FILE_JSON_H
#define SFM_FILE_JSON_H

#include <glib.h>
#include <jansson.h>

#include "base/error.h"

// Strict JSON: no duplicate keys, nothing behind the end, at most SFM_JSON_DEPTH
// deep, the whole an object. One liberty, because published scheduler configs
// need it: a bare NaN, Infinity or -Infinity reads as the string of that name.
#define SFM_JSON_DEPTH 32

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)

// `path` is for messages: "PATH: line 3: ...". The caller then owns the object.
json_t *sfm_json_parse(const char *path, const char *text, size_t size, GError **error);

// Reads and parses a file of at most 4 MiB.
json_t *sfm_json_read(const char *path, GError **error);

// A value in few words, for messages: 'foo', 12, null, an object. Owned by the
// caller.
char *sfm_json_describe(const json_t *value);

#endif
