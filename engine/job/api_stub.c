// SPDX-License-Identifier: GPL-3.0-or-later
//
// Annotations of LuaLS, the language server of Lua, so that editors complete and
// check scripts. Lua's own functions it knows.

#include <string.h>

#include "job/api_text.h"

static const char head[] =
    "---@meta\n"
    "-- SPDX-License-Identifier: CC0-1.0\n"
    "-- luacheck: ignore\n"
    "-- What scripts of API %d see, for editors; docs/scripts.md says how they find it. Made from "
    "the table\n"
    "-- by which the functions are registered: `ninja -C build api` makes it anew.\n"
    "\n"
    "---What the knobs are set to, by name.\n"
    "---@alias knobs table<string, any>\n"
    "\n"
    "---@class knob\n"
    "---@field [1] string Its name: a-z, then a-z, 0-9 and _\n";

static bool is_operator(const SfmApiEntry *entry)
{
    return g_str_has_prefix(entry->name, "__");
}

static void append_operator(GString *out, const SfmApiEntry *entry)
{
    g_autoptr(GPtrArray) arguments = sfm_api_arguments(entry->arguments);

    g_string_append_printf(out, "---@operator %s", entry->name + strlen("__"));
    for (guint i = 0; i < arguments->len; i++)
        g_string_append_printf(out, "(%s)", ((SfmApiArgument *)arguments->pdata[i])->type);
    g_string_append_printf(out, ": %s\n", entry->result);
}

static void append_field(GString *out, const SfmApiEntry *entry)
{
    bool optional;
    const char *type = sfm_api_field_type(entry, &optional);

    g_string_append_printf(out, "---@field %s%s %s # %s\n", entry->name, optional ? "?" : "", type,
                           entry->text);
}

// The class of a type, with what is not called as a function.
static void append_class(GString *out, const SfmApiSection *sections, size_t num, const char *type)
{
    bool functions = false;

    g_string_append_printf(out, "\n---@class %s\n", type);
    for (size_t i = 0; i < num; i++) {
        if (strcmp(sections[i].type, type) != 0)
            continue;
        for (const SfmApiEntry *entry = sections[i].entries; entry->name; entry++) {
            if (is_operator(entry))
                append_operator(out, entry);
            else if (!sfm_api_is_function(entry))
                append_field(out, entry);
            else
                functions = true;
        }
    }
    if (functions) // `diffusion` is a global, the others are what the host hands out
        g_string_append_printf(out, "%s%s = {}\n", strcmp(type, "diffusion") == 0 ? "" : "local ",
                               type);
}

static void append_function(GString *out, const SfmApiSection *section, const SfmApiEntry *entry)
{
    g_autoptr(GPtrArray) arguments = sfm_api_arguments(entry->arguments);
    g_autoptr(GPtrArray) results = sfm_api_arguments(entry->result);
    const bool is_method = g_str_has_suffix(section->prefix, ":");
    g_autoptr(GString) names = g_string_new(NULL);

    g_string_append_printf(out, "\n---%s\n", entry->text);
    for (guint i = 0; i < arguments->len; i++) {
        const SfmApiArgument *argument = arguments->pdata[i];
        g_string_append_printf(out, "---@param %s%s %s\n", argument->name,
                               argument->optional ? "?" : "", argument->type);
        g_string_append_printf(names, "%s%s", i > 0 ? ", " : "", argument->name);
    }
    for (guint i = 0; i < results->len; i++) {
        const SfmApiArgument *result = results->pdata[i];
        g_string_append_printf(out, "---@return %s%s%s\n", result->type, result->name ? " " : "",
                               result->name ? result->name : "");
    }
    g_string_append_printf(out, "function %s%s%s(%s) end\n", section->type,
                           is_method          ? ":"
                           : section->type[0] ? "."
                                              : "",
                           entry->name, names->str);
}

static bool is_first_of_type(const SfmApiSection *sections, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (strcmp(sections[i].type, sections[index].type) == 0)
            return false;
    }
    return sections[index].type[0] != '\0';
}

void sfm_api_append_stub(GString *out)
{
    size_t num = 0;
    const SfmApiSection *sections = sfm_script_api(&num);

    g_string_append_printf(out, head, SFM_API);
    for (size_t i = 0; i < num; i++) {
        if (sections[i].is_luas)
            continue;
        if (is_first_of_type(sections, i))
            append_class(out, sections, num, sections[i].type);
        for (const SfmApiEntry *entry = sections[i].entries; entry->name; entry++) {
            if (sfm_api_is_function(entry) && !is_operator(entry))
                append_function(out, &sections[i], entry);
        }
    }
}
