// SPDX-License-Identifier: GPL-3.0-or-later
//
// The script API as text, from the table that its functions are registered by.

#include "job/api_text.h"

#include <string.h>

#include <sfumato/scripts.h>
#include <sfumato/system.h>

static void argument_free(gpointer data)
{
    SfmApiArgument *argument = data;

    g_free(argument->name);
    g_free(argument->type);
    g_free(argument);
}

// Where the first ", " is that stands outside of brackets: "fun(a: any, b: any)".
static size_t length_of_first(const char *text)
{
    int depth = 0;
    size_t i = 0;

    for (; text[i]; i++) {
        depth += text[i] == '(';
        depth -= text[i] == ')';
        if (text[i] == ',' && depth == 0)
            break;
    }
    return i;
}

static SfmApiArgument *new_argument(const char *text)
{
    SfmApiArgument *argument = g_new0(SfmApiArgument, 1);
    const size_t name = strcspn(text, ":(");

    if (text[name] != ':') {
        argument->type = g_strdup(text);
        return argument;
    }
    argument->optional = name > 0 && text[name - 1] == '?';
    argument->name = g_strndup(text, argument->optional ? name - 1 : name);
    argument->type = g_strdup(text + name + strlen(": "));
    return argument;
}

GPtrArray *sfm_api_arguments(const char *text)
{
    GPtrArray *arguments = g_ptr_array_new_with_free_func(argument_free);

    while (text && *text) {
        const size_t size = length_of_first(text);
        g_autofree char *one = g_strndup(text, size);
        g_ptr_array_add(arguments, new_argument(one));
        text += text[size] ? size + strlen(", ") : size;
    }
    return arguments;
}

const char *sfm_api_field_type(const SfmApiEntry *entry, bool *optional)
{
    *optional = entry->result[0] == '?';
    return entry->result + (*optional ? 1 : 0);
}

// ---- JSON -------------------------------------------------------------------

static void add_text(GString *out, const char *key, const char *value)
{
    g_string_append_printf(out, "%s\"%s\": ", out->str[out->len - 1] == '{' ? "" : ", ", key);
    sfm_json_string(out, value);
}

static void add_arguments(GString *out, const char *key, const char *text)
{
    g_autoptr(GPtrArray) arguments = sfm_api_arguments(text);

    g_string_append_printf(out, ", \"%s\": [", key);
    for (guint i = 0; i < arguments->len; i++) {
        const SfmApiArgument *argument = arguments->pdata[i];
        g_string_append(out, i > 0 ? ", {" : "{");
        if (argument->name)
            add_text(out, "name", argument->name);
        add_text(out, "type", argument->type);
        g_string_append(out, argument->optional ? ", \"optional\": true}" : "}");
    }
    g_string_append(out, "]");
}

static void add_entry(GString *out, const SfmApiEntry *entry)
{
    g_string_append(out, "      {");
    add_text(out, "name", entry->name);
    if (sfm_api_is_function(entry)) {
        add_arguments(out, "arguments", entry->arguments);
        add_arguments(out, "results", entry->result);
    } else {
        bool optional;
        add_text(out, "type", sfm_api_field_type(entry, &optional));
        g_string_append_printf(out, ", \"optional\": %s", optional ? "true" : "false");
    }
    add_text(out, "text", entry->text);
    g_string_append(out, "}");
}

static void add_section(GString *out, const SfmApiSection *section)
{
    g_string_append(out, "    {");
    add_text(out, "title", section->title);
    add_text(out, "type", section->type);
    add_text(out, "prefix", section->prefix);
    add_text(out, "text", section->text);
    g_string_append(out, ", \"entries\": [\n");
    for (const SfmApiEntry *entry = section->entries; entry->name; entry++) {
        add_entry(out, entry);
        g_string_append(out, entry[1].name ? ",\n" : "\n");
    }
    g_string_append(out, "    ]}");
}

void sfm_api_append_json(GString *out)
{
    size_t num = 0;
    const SfmApiSection *sections = sfm_script_api(&num);

    g_string_append_printf(out, "{\"api\": %d, \"sections\": [\n", SFM_API);
    for (size_t i = 0; i < num; i++) {
        add_section(out, &sections[i]);
        g_string_append(out, i + 1 < num ? ",\n" : "\n");
    }
    g_string_append(out, "]}\n");
}

typedef void (*Append)(GString *out);

char *sfm_script_api_text(SfmApiFormat format)
{
    static const Append append[] = {
        [SFM_API_MANUAL] = sfm_api_append_manual,
        [SFM_API_JSON] = sfm_api_append_json,
        [SFM_API_STUB] = sfm_api_append_stub,
    };
    GString *out = g_string_new(NULL);

    g_return_val_if_fail((size_t)format < G_N_ELEMENTS(append), g_string_free(out, FALSE));
    append[format](out);
    return g_string_free(out, FALSE);
}
