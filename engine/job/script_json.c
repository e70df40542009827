// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reports for programs. A number that was not measured is null.

#include <math.h>

#include "job/library.h"
#include "job/recipe.h"
#include "job/script_report.h"

static void add_key(GString *out, const char *key)
{
    const char last = out->str[out->len - 1];
    g_string_append_printf(out, "%s\"%s\": ", last == '{' ? "" : ", ", key);
}

static void add_text(GString *out, const char *key, const char *value)
{
    add_key(out, key);
    sfm_json_string(out, value);
}

static void add_boolean(GString *out, const char *key, bool value)
{
    add_key(out, key);
    g_string_append(out, value ? "true" : "false");
}

static void add_number(GString *out, const char *key, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    add_key(out, key);
    g_string_append(out,
                    isfinite(value) ? g_ascii_formatd(text, sizeof text, "%.6g", value) : "null");
}

static void add_claim(GString *out, const char *key, const SfmScriptClaim *claim)
{
    add_key(out, key);
    g_string_append_c(out, '{');
    add_number(out, "claimed", claim->claimed);
    add_number(out, "measured", claim->measured);
    add_boolean(out, "kept", claim->kept);
    g_string_append_c(out, '}');
}

static void add_trial(GString *out, const SfmScriptTrial *trial)
{
    g_string_append_c(out, '{');
    add_text(out, "settings", trial->settings);
    add_boolean(out, "stochastic", trial->stochastic);
    add_claim(out, "order", &trial->order);
    add_claim(out, "evals", &trial->evals);
    add_claim(out, "mean", &trial->mean);
    add_claim(out, "covariance", &trial->covariance);
    add_number(out, "standard_error", trial->standard_error);
    add_boolean(out, "repeatable", trial->repeatable);
    add_number(out, "milliseconds", trial->milliseconds);
    add_number(out, "kernels", trial->kernels);
    g_string_append_c(out, '}');
}

static void add_trials(GString *out, const GPtrArray *trials)
{
    add_key(out, "trials");
    g_string_append_c(out, '[');
    for (guint i = 0; i < trials->len; i++) {
        g_string_append(out, i > 0 ? ", " : "");
        add_trial(out, trials->pdata[i]);
    }
    g_string_append_c(out, ']');
}

static void add_sentences(GString *out, const char *key, const GPtrArray *sentences)
{
    add_key(out, key);
    g_string_append_c(out, '[');
    for (guint i = 0; i < sentences->len; i++) {
        g_string_append(out, i > 0 ? ", " : "");
        sfm_json_string(out, sentences->pdata[i]);
    }
    g_string_append_c(out, ']');
}

static void add_report(GString *out, const SfmScriptReport *report)
{
    g_string_append_c(out, '{');
    add_text(out, "path", report->path);
    if (report->info) {
        add_text(out, "kind", sfm_script_kind_name(report->info->kind));
        add_text(out, "name", report->info->name);
        add_text(out, "hash", report->info->hash);
    }
    add_number(out, "runs", report->num_runs);
    add_trials(out, report->trials);
    add_sentences(out, "problems", report->problems);
    add_sentences(out, "remarks", report->remarks);
    g_string_append_c(out, '}');
}

char *sfm_script_reports_json(SfmScriptReport *const *reports, size_t num)
{
    GString *out = g_string_new("[");
    for (size_t i = 0; i < num; i++) {
        g_string_append(out, i > 0 ? ",\n " : "");
        add_report(out, reports[i]);
    }
    g_string_append(out, "]\n");
    return g_string_free(out, FALSE);
}
