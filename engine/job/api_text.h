// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_API_TEXT_H
#define SFM_JOB_API_TEXT_H

#include <glib.h>

#include "script/api.h"

// One of "x: tensor, options?: denoise_options".
typedef struct {
    char *name; // NULL: not given, "tensor"
    char *type;
    bool optional;
} SfmApiArgument;

// An array of SfmApiArgument that frees them; empty for NULL and "".
GPtrArray *sfm_api_arguments(const char *text);

// Functions have arguments, were they none.
static inline bool sfm_api_is_function(const SfmApiEntry *entry)
{
    return entry->arguments != NULL;
}

// The type of a field, and whether it may be left out.
const char *sfm_api_field_type(const SfmApiEntry *entry, bool *optional);

// Append what sfm_script_api_text() gives in one format.
void sfm_api_append_manual(GString *out);
void sfm_api_append_stub(GString *out);
void sfm_api_append_json(GString *out);

#endif
