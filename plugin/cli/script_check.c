// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>

#include <sfumato/scripts.h>

#include "common/translation.h"
#include "script.h"
#include "terminal.h"

static void print_report(const SfmScriptReport *report, bool quiet)
{
    g_autofree char *path = terminal_text(report->path);
    print_sentences(report->problems, "");
    if (quiet)
        return;
    print_sentences(report->remarks, _("remark: "));
    if (report->problems->len > 0)
        printf(
            sfm_translated_plural("%s: %u problem\n", "%s: %u problems\n", report->problems->len),
            path, report->problems->len);
    else
        printf(report->info->kind == SFM_SCRIPT_SCHEDULE
                   ? _("%s: schedule %s, nothing wrong in %d runs\n")
                   : _("%s: sampler %s, nothing wrong in %d runs\n"),
               path, report->info->name, report->num_runs);
}

// Of the files that one argument means. Raises `status` if one is wrong.
static bool check(const CommonOptions *common, const char *name, int *status, GError **error)
{
    g_auto(GStrv) paths = sfm_script_paths(common->data_dir, name, error);
    for (char **path = paths; path && *path; path++) {
        g_autoptr(SfmScriptReport) report = sfm_script_check(*path);
        print_report(report, common->quiet);
        if (report->problems->len > 0)
            *status = STATUS_FAILED;
    }
    return paths != NULL;
}

static int run(int argc, char **argv)
{
    static const Usage usage = {
        .arguments = "FILE...",
        .summary =
            N_("Says what is wrong with scripts: loads them and runs them dry, without a GPU."),
        .details = N_(
            "A schedule is asked for levels for models of several kinds and several numbers of "
            "steps; a\n"
            "sampler is run for a few steps, with every value of its choices and booleans. Each\n"
            "problem is a line with file and line; a remark is no problem. The exit status is 1 if "
            "there\n"
            "is a problem. A FILE may be the name of a script, as in \"sfumato script list\".\n"),
        .examples = "  sfumato script check my-euler.lua\n",
        .without_device = true,
        .min_arguments = 1,
        .max_arguments = G_MAXINT,
    };
    g_auto(CommonOptions) common = { 0 };
    int status = STATUS_OK;
    if (!parse(&usage, &common, &argc, &argv))
        return STATUS_USAGE;
    for (int i = 1; i < argc; i++) {
        g_autoptr(GError) error = NULL;
        if (!check(&common, argv[i], &status, &error))
            return fail(error);
    }
    return status;
}

const Command script_check = { "check", N_("say what is wrong with a script"), run };
