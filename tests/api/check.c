// SPDX-License-Identifier: GPL-3.0-or-later
//
//     check STUB MANUAL CALLS...      fails if one of them is not as the table of
//                                     script functions has it
//     check --write STUB MANUAL       makes the first two anew
//
// Run by every build: a function that scripts can call has a text, a call that
// tests it, and its place in the stub and the manual, or there is no build.
#include <stdio.h>
#include <string.h>

#include <glib.h>
#include <sfumato/scripts.h>

#include "job/api_text.h"

static int num_faults;

static void G_GNUC_PRINTF(1, 2) fault(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    fprintf(stderr, "script API: %s\n", text);
    num_faults++;
}

static char *full_name(const SfmApiSection *section, const SfmApiEntry *entry)
{
    return g_strconcat(section->prefix, entry->name, NULL);
}

static void check_types(const char *name, const char *text, bool named)
{
    g_autoptr(GPtrArray) arguments = sfm_api_arguments(text);
    for (guint i = 0; i < arguments->len; i++) {
        const SfmApiArgument *argument = arguments->pdata[i];
        if (!argument->type[0] || (named && !argument->name))
            fault("%s: \"%s\" is not of the form \"x: tensor, w?: number\"", name, text);
    }
}

static void check_entry(const char *name, const SfmApiEntry *entry)
{
    const size_t size = entry->text ? strlen(entry->text) : 0;
    if (size == 0)
        fault("%s has no text: say in its entry what it does", name);
    else if (entry->text[size - 1] == '.' && !g_str_has_suffix(entry->text, "..."))
        fault("%s: its text ends with a full stop", name);
    if (!entry->result || (!entry->arguments && !entry->result[0])) {
        fault("%s: its entry does not say what it gives", name);
        return;
    }
    check_types(name, entry->arguments, true);
    check_types(name, entry->arguments ? entry->result : "", false);
}

// ---- calls ------------------------------------------------------------------

// Adds NAME of each line that starts with calls["NAME"] =.
static void read_calls(const char *path, GHashTable *calls)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, &error)) {
        fault("%s", error->message);
        return;
    }
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (size_t i = 0; lines[i]; i++) {
        const char *name = lines[i] + strlen("calls[\"");
        const char *end = g_str_has_prefix(lines[i], "calls[\"") ? strstr(name, "\"] =") : NULL;
        if (end)
            g_hash_table_add(calls, g_strndup(name, (gsize)(end - name)));
    }
}

static void check_calls(GHashTable *calls)
{
    size_t num = 0;
    const SfmApiSection *sections = sfm_script_api(&num);
    for (size_t i = 0; i < num; i++) {
        for (const SfmApiEntry *entry = sections[i].entries; entry->name; entry++) {
            g_autofree char *name = full_name(&sections[i], entry);
            check_entry(name, entry);
            if (entry->arguments && !g_hash_table_remove(calls, name))
                fault("%s has no test: add calls[\"%s\"] to tests/api/sampler.lua", name, name);
        }
    }
    GHashTableIter iter;
    gpointer left;
    g_hash_table_iter_init(&iter, calls);
    while (g_hash_table_iter_next(&iter, &left, NULL))
        fault("tests/api calls %s, which is no function of the table", (char *)left);
}

// ---- what is made from the table --------------------------------------------

static const struct {
    SfmApiFormat format;
    const char *path;
} made[] = {
    { SFM_API_STUB, "lua/api/diffusion.lua" },
    { SFM_API_MANUAL, "docs/script-api.md" },
};

static void write_made(char *paths[])
{
    for (size_t i = 0; i < G_N_ELEMENTS(made); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *text = sfm_script_api_text(made[i].format);
        if (!g_file_set_contents(paths[i], text, -1, &error))
            fault("%s", error->message);
    }
}

static void check_made(char *paths[])
{
    for (size_t i = 0; i < G_N_ELEMENTS(made); i++) {
        g_autofree char *wanted = sfm_script_api_text(made[i].format), *text = NULL;
        if (!g_file_get_contents(paths[i], &text, NULL, NULL) || strcmp(text, wanted) != 0)
            fault("%s is not what the table gives: make it anew with `ninja -C build api`",
                  made[i].path);
    }
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "--write") == 0) {
        write_made(argv + 2);
        return num_faults > 0;
    }
    if (argc < 4) {
        fprintf(stderr, "check [--write] STUB MANUAL CALLS...\n");
        return 2;
    }
    g_autoptr(GHashTable) calls = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (int i = 3; i < argc; i++)
        read_calls(argv[i], calls);
    check_calls(calls);
    check_made(argv + 1);
    return num_faults > 0;
}
