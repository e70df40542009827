// SPDX-License-Identifier: GPL-3.0-or-later
//
// The manual page of the script API, in Markdown.

#include <string.h>

#include "job/api_text.h"

static const char head[] =
    "<!-- Made from the table by which the functions are registered (engine/script/api.h): `ninja "
    "-C build api` makes\n"
    "     it anew. -->\n"
    "# The script API, word by word\n"
    "\n"
    "Everything that a schedule or a sampler can call, read or declare, in version %d of the API; "
    "[scripts.md](scripts.md)\n"
    "explains how it goes together, and how editors learn of it. `sfumato script api` prints this "
    "page.\n"
    "\n"
    "`?` marks what may be left out. `number[]` is a list of numbers; `knobs` a table of what the "
    "knobs are set to, by\n"
    "name; `a|b` the one or the other. What is not here is not there: reading it is an error.\n";

// A cell of a table: a bar would end it.
static void append_cell(GString *out, const char *text)
{
    for (const char *c = text; *c; c++)
        g_string_append_printf(out, *c == '|' ? "\\%c" : "%c", *c);
}

static void append_arguments(GString *out, const char *text)
{
    g_autoptr(GPtrArray) arguments = sfm_api_arguments(text);

    for (guint i = 0; i < arguments->len; i++) {
        const SfmApiArgument *argument = arguments->pdata[i];
        g_string_append(out, i > 0 ? ", " : "");
        if (argument->name)
            g_string_append_printf(out, "%s%s: ", argument->name, argument->optional ? "?" : "");
        append_cell(out, argument->type);
    }
}

// "y + z: tensor|number", for "__add".
static void append_operator(GString *out, const SfmApiEntry *entry)
{
    static const char *const signs[][2] = {
        { "__add", "y + " }, { "__sub", "y - " }, { "__mul", "y * " },
        { "__div", "y / " }, { "__unm", "-y" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(signs); i++) {
        if (strcmp(entry->name, signs[i][0]) == 0)
            g_string_append(out, signs[i][1]);
    }
    append_arguments(out, entry->arguments);
}

static void append_function(GString *out, const SfmApiSection *section, const SfmApiEntry *entry)
{
    g_string_append(out, "| `");
    if (g_str_has_prefix(entry->name, "__")) {
        append_operator(out, entry);
    } else {
        g_string_append_printf(out, "%s%s(", section->prefix, entry->name);
        append_arguments(out, entry->arguments);
        g_string_append(out, ")");
    }
    g_string_append(out, entry->result[0] ? "` | `" : "` | ");
    append_arguments(out, entry->result);
    g_string_append(out, entry->result[0] ? "` | " : "| ");
}

static void append_field(GString *out, const SfmApiSection *section, const SfmApiEntry *entry)
{
    bool optional;
    const char *type = sfm_api_field_type(entry, &optional);
    // ctx.model: a field, where functions are called with a colon.
    const bool is_method = g_str_has_suffix(section->prefix, ":");

    g_string_append_printf(out, "| `%.*s%s%s%s` | `",
                           (int)strlen(section->prefix) - (is_method ? 1 : 0), section->prefix,
                           is_method ? "." : "", entry->name, optional ? "?" : "");
    append_cell(out, type);
    g_string_append(out, "` | ");
}

static void append_section(GString *out, const SfmApiSection *section)
{
    const bool functions = sfm_api_is_function(section->entries);

    g_string_append_printf(out, "\n## %s\n\n%s\n\n| | %s | |\n|---|---|---|\n", section->title,
                           section->text, functions ? "gives" : "type");
    for (const SfmApiEntry *entry = section->entries; entry->name; entry++) {
        if (sfm_api_is_function(entry))
            append_function(out, section, entry);
        else
            append_field(out, section, entry);
        append_cell(out, entry->text);
        g_string_append(out, " |\n");
    }
}

void sfm_api_append_manual(GString *out)
{
    size_t num = 0;
    const SfmApiSection *sections = sfm_script_api(&num);

    g_string_append_printf(out, head, SFM_API);
    for (size_t i = 0; i < num; i++)
        append_section(out, &sections[i]);
}
