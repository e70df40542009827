// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <string.h>

#include <sfumato/library.h>
#include <sfumato/system.h>

#include "common/translation.h"
#include "script.h"
#include "terminal.h"

// "order 2     2 a step"
static char *claims_of(const SfmScriptInfo *info)
{
    if (info->kind == SFM_SCRIPT_SCHEDULE)
        return g_strdup("");
    g_autofree char *order = info->order > 0 ? g_strdup_printf(_("order %d"), info->order)
                                             : g_strdup(info->stochastic ? _("stochastic") : "-");
    g_autofree char *column = terminal_column(order, 11);
    // Translators: how often a sampler calls the model
    g_autofree char *calls =
        g_strdup_printf(info->adaptive ? _("%d a step, adaptive") : _("%d a step"), info->evals);
    return g_strconcat(column, " ", calls, NULL);
}

static void print_script(const SfmScriptFile *file)
{
    const SfmScriptInfo *info = file->info;
    g_autofree char *claims = claims_of(info);
    g_autofree char *path = terminal_text(file->path);
    g_autofree char *title = terminal_column(_(info->title), 27);
    g_autofree char *claimed = terminal_column(claims, 31);
    g_autofree char *line =
        g_strdup_printf("  %-22s %s %s %s", info->name, title, claimed,
                        file->origin == SFM_ORIGIN_BUILT_IN ? _("built in") : path);
    puts(g_strchomp(line));
    if (file->hides)
        printf("  %-22s %s\n", "", _("in place of the built-in one"));
}

static void print_kind(const GPtrArray *files, SfmScriptKind kind, const char *title)
{
    puts(title);
    for (guint i = 0; i < files->len; i++) {
        const SfmScriptFile *file = files->pdata[i];
        if (file->info && file->info->kind == kind && !file->hidden)
            print_script(file);
    }
}

// One that does not load may have a last good version, but not in a program that
// has just begun.
static void print_broken(const GPtrArray *files)
{
    bool said = false;
    for (guint i = 0; i < files->len; i++) {
        const SfmScriptFile *file = files->pdata[i];
        if (!file->error)
            continue;
        if (!said)
            printf("\n%s\n", _("Cannot be used as they are"));
        g_autofree char *path = terminal_text(file->path);
        g_autofree char *why = terminal_text(file->error);
        printf("  %s\n    %s%s\n", path, why, g_str_has_suffix(why, "?") ? "" : ".");
        said = true;
    }
}

static bool has_built_in(const GPtrArray *files)
{
    bool found = false;
    for (guint i = 0; i < files->len; i++)
        found |= ((const SfmScriptFile *)files->pdata[i])->origin == SFM_ORIGIN_BUILT_IN;
    return found;
}

// ---- for programs -----------------------------------------------------------

// A member of an object that has begun.
static void append_text(GString *out, const char *key, const char *text)
{
    g_string_append_printf(out, "%s\"%s\": ", out->str[out->len - 1] == '{' ? "" : ", ", key);
    if (text)
        sfm_json_string(out, text);
    else
        g_string_append(out, "null");
}

static void append_info(GString *out, const SfmScriptInfo *info)
{
    append_text(out, "kind", info->kind == SFM_SCRIPT_SCHEDULE ? "schedule" : "sampler");
    append_text(out, "name", info->name);
    append_text(out, "title", info->title);
    if (info->kind == SFM_SCRIPT_SAMPLER)
        g_string_append_printf(
            out, ", \"order\": %d, \"evals\": %d, \"adaptive\": %s, \"stochastic\": %s",
            info->order, info->evals, info->adaptive ? "true" : "false",
            info->stochastic ? "true" : "false");
}

static void append_file(GString *out, const SfmScriptFile *file)
{
    g_string_append_c(out, '{');
    append_text(out, "path", file->path);
    append_text(out, "origin", file->origin == SFM_ORIGIN_BUILT_IN ? "built-in" : "user");
    g_string_append_printf(out, ", \"hidden\": %s", file->hidden ? "true" : "false");
    append_text(out, "error", file->error);
    if (file->info)
        append_info(out, file->info);
    g_string_append_c(out, '}');
}

static void print_json(const GPtrArray *files)
{
    g_autoptr(GString) out = g_string_new("{\"scripts\": [");

    for (guint i = 0; i < files->len; i++) {
        g_string_append(out, i > 0 ? ",\n  " : "\n  ");
        append_file(out, files->pdata[i]);
    }
    g_string_append(out, "\n]}");
    puts(out->str);
}

static void print_files(const GPtrArray *files)
{
    print_kind(files, SFM_SCRIPT_SCHEDULE, _("Schedules"));
    putchar('\n');
    print_kind(files, SFM_SCRIPT_SAMPLER, _("Samplers"));
    print_broken(files);
}

static int run(int argc, char **argv)
{
    gboolean json = FALSE;
    const GOptionEntry entries[] = {
        { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print JSON, for programs"), NULL }, { 0 }
    };
    const Usage usage = {
        .summary =
            N_("Lists the schedules and samplers that there are: name, title, what a sampler "
               "claims, where it\ncomes from."),
        .details = N_("What a sampler claims is its order of convergence, or that it draws noise, "
                      "and how often it\n"
                      "calls the model in a step. \"sfumato script test NAME\" measures that.\n"
                      "\n"
                      "Your own lie in ~/.local/share/sfumato/scripts "
                      "($XDG_DATA_HOME/sfumato/scripts). Those that\n"
                      "do not load are listed with what is wrong with them.\n"),
        .examples = "  sfumato script list\n"
                    "  sfumato script list --json\n",
        .entries = entries,
        .without_device = true,
    };
    g_auto(CommonOptions) common = { 0 };
    if (!parse(&usage, &common, &argc, &argv))
        return STATUS_USAGE;
    g_autoptr(SfmScriptLibrary) library = sfm_script_library_new(common.data_dir);
    g_autoptr(GPtrArray) files = sfm_script_library_files(library);
    if (json)
        print_json(files);
    else
        print_files(files);
    if (!has_built_in(files)) {
        terminal_say("sfumato: %s",
                     _("none of them came with Sfumato: there is no folder lua where "
                       "--data or SFUMATO_DATA says.\n\"sfumato doctor\" says where "
                       "it was looked for."));
        return STATUS_FAILED;
    }
    return STATUS_OK;
}

const Command script_list = { "list", N_("list the schedules and samplers that there are"), run };
