// SPDX-License-Identifier: GPL-3.0-or-later
#include <math.h>
#include <stdio.h>

#include <sfumato/scripts.h>

#include "common/translation.h"
#include "script.h"
#include "terminal.h"

typedef struct {
    CommonOptions common;
    gboolean json;
} Options;

static void options_clear(Options *o)
{
    common_options_clear(&o->common);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

// "2  2.01"; "-" where there is no claim.
static char *claim_text(const SfmScriptClaim *claim)
{
    if (isnan(claim->claimed))
        return g_strdup("-");
    if (isnan(claim->measured))
        return g_strdup_printf("%g  ?", claim->claimed);
    return g_strdup_printf("%g  %.2f", claim->claimed, claim->measured);
}

// "0.003 < 0.045"
static char *bound_text(const SfmScriptClaim *claim)
{
    if (isnan(claim->claimed))
        return g_strdup("-");
    return g_strdup_printf("%.3f %s %.3f", claim->measured, claim->kept ? "<" : ">",
                           claim->claimed);
}

// "0.021"; "?" where it failed before that was measured.
static char *cost_text(double cost, int decimals)
{
    return isnan(cost) ? g_strdup("?") : g_strdup_printf("%.*f", decimals, cost);
}

static bool kept(const SfmScriptTrial *trial)
{
    return trial->order.kept && trial->evals.kept && trial->mean.kept && trial->covariance.kept &&
           trial->repeatable;
}

static void print_head(void)
{
    printf("%-20s %-20s %-9s %-9s %-13s %-13s %-6s %6s %7s\n", "SAMPLER", "KNOB", "ORDER", "CALLS",
           "MEAN", "COV.", "BITS", "MS", "KERNELS");
}

static void print_trial(const SfmScriptReport *report, const SfmScriptTrial *trial)
{
    g_autofree char *order = claim_text(&trial->order);
    g_autofree char *evals = claim_text(&trial->evals);
    g_autofree char *mean = bound_text(&trial->mean);
    g_autofree char *covariance = bound_text(&trial->covariance);
    g_autofree char *milliseconds = cost_text(trial->milliseconds, 3);
    g_autofree char *kernels = cost_text(trial->kernels, 2);
    g_autofree char *bits = terminal_column(trial->repeatable ? _("same") : _("differ"), 6);
    printf("%-20s %-20s %-9s %-9s %-13s %-13s %s %6s %7s%s\n", report->info->name, trial->settings,
           order, evals, mean, covariance, bits, milliseconds, kernels,
           kept(trial) ? "" : _("  FAILED"));
}

static void print_report(const SfmScriptReport *report, bool quiet)
{
    for (guint i = 0; i < report->trials->len; i++)
        print_trial(report, report->trials->pdata[i]);
    if (report->info && report->info->kind == SFM_SCRIPT_SCHEDULE && report->problems->len == 0)
        printf(_("%-20s levels in order in %d runs\n"), report->info->name, report->num_runs);
    print_sentences(report->problems, "  ");
    if (!quiet)
        print_sentences(report->remarks, _("  remark: "));
    fflush(stdout); // a test takes a while
}

static void free_report(gpointer report)
{
    sfm_script_report_free(report);
}

// Tests what one argument means; NULL: all that there is.
static bool test(const Options *o, const char *name, GPtrArray *reports, GError **error)
{
    g_auto(GStrv) paths = sfm_script_paths(o->common.data_dir, name, error);
    for (char **path = paths; path && *path; path++) {
        SfmScriptReport *report = sfm_script_test(*path);
        g_ptr_array_add(reports, report);
        if (!o->json)
            print_report(report, o->common.quiet);
    }
    return paths != NULL;
}

static int finish(const Options *o, const GPtrArray *reports)
{
    guint num_failed = 0;
    for (guint i = 0; i < reports->len; i++)
        num_failed += ((const SfmScriptReport *)reports->pdata[i])->problems->len > 0;
    if (o->json) {
        g_autofree char *text =
            sfm_script_reports_json((SfmScriptReport *const *)reports->pdata, reports->len);
        fputs(text, stdout);
    } else if (!o->common.quiet) {
        printf(_("%u of %u kept what they claim\n"), reports->len - num_failed, reports->len);
    }
    return num_failed > 0 ? STATUS_FAILED : STATUS_OK;
}

static int test_all(const Options *o, char **names)
{
    g_autoptr(GPtrArray) reports = g_ptr_array_new_with_free_func(free_report);
    g_autoptr(GError) error = NULL;
    bool found = true;
    if (!o->json && !o->common.quiet)
        print_head();
    if (!*names)
        found = test(o, NULL, reports, &error);
    for (char **name = names; found && *name; name++)
        found = test(o, *name, reports, &error);
    return found ? finish(o, reports) : fail(error);
}

static int run(int argc, char **argv)
{
    g_auto(Options) o = { 0 };
    const GOptionEntry entries[] = {
        { "json", 0, 0, G_OPTION_ARG_NONE, &o.json, N_("Print JSON, for programs"), NULL },
        { 0 },
    };
    const Usage usage = {
        .arguments = "[FILE|NAME...]",
        .summary =
            N_("Measures whether schedules and samplers keep what they claim, without a GPU."),
        .details = N_(
            "A sampler runs on a model that can be written down, the exact denoiser of a mixture "
            "of\n"
            "Gaussians, with its knobs at their defaults and with every other value of its choices "
            "and\n"
            "booleans. Measured are\n"
            "  ORDER        of convergence towards the exact probability flow, claimed and "
            "measured\n"
            "  CALLS        of the model a step, claimed and measured\n"
            "  MEAN, COV.   of what a stochastic one draws: how far off the data's they are, in "
            "the\n"
            "               data's deviation and variance, and how far they may be by chance\n"
            "  BITS         whether the same seed gives the same bits at every place in a batch\n"
            "  MS, KERNELS  what the script itself costs a step: milliseconds of the processor, "
            "kernels\n"
            "               of the device, without the one by which the host checks each step\n"
            "A schedule is held to its levels: strictly falling, from the model's highest down, "
            "for\n"
            "several models and numbers of steps.\n"
            "\n"
            "Without a FILE or NAME all that \"sfumato script list\" shows are tested. The exit "
            "status\n"
            "is 1 if a claim is not kept.\n"),
        .examples = "  sfumato script test my-sampler\n"
                    "  sfumato script test ./my-sampler.lua ddim heun\n"
                    "  sfumato script test --json >claims.json\n",
        .entries = entries,
        .without_device = true,
        .max_arguments = G_MAXINT,
    };
    if (!parse(&usage, &o.common, &argc, &argv))
        return STATUS_USAGE;
    return test_all(&o, argv + 1);
}

const Command script_test = { "test", N_("measure what a script claims"), run };
