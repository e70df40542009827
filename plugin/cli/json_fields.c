// SPDX-License-Identifier: GPL-3.0-or-later
#include "json_fields.h"

#include <sfumato/system.h>

void json_add_text(GString *out, const char *key, const char *text)
{
    g_string_append_printf(out, "\"%s\": ", key);
    sfm_json_string(out, text);
}

void json_add_number(GString *out, const char *key, double value)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE];

    g_string_append_printf(out, ", \"%s\": %s", key,
                           g_ascii_formatd(number, sizeof number, "%.10g", value));
}
