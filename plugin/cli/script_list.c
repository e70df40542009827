// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <string.h>

#include <sfumato/library.h>

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

static int run(int argc, char **argv)
{
    static const Usage usage = {
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
        .examples = "  sfumato script list\n",
        .without_device = true,
    };
    g_auto(CommonOptions) common = { 0 };
    if (!parse(&usage, &common, &argc, &argv))
        return STATUS_USAGE;
    g_autoptr(SfmScriptLibrary) library = sfm_script_library_new(common.data_dir);
    g_autoptr(GPtrArray) files = sfm_script_library_files(library);
    print_kind(files, SFM_SCRIPT_SCHEDULE, _("Schedules"));
    putchar('\n');
    print_kind(files, SFM_SCRIPT_SAMPLER, _("Samplers"));
    print_broken(files);
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
