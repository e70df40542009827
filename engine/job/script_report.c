// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/script_report.h"

#include <math.h>
#include <string.h>

static void free_trial(gpointer data)
{
    SfmScriptTrial *trial = data;
    g_free(trial->settings);
    g_free(trial);
}

void sfm_script_report_free(SfmScriptReport *report)
{
    if (!report)
        return;
    g_free(report->path);
    sfm_script_info_free(report->info);
    g_ptr_array_unref(report->trials);
    g_ptr_array_unref(report->problems);
    g_ptr_array_unref(report->remarks);
    g_free(report);
}

static SfmScriptReport *report_new(const char *path)
{
    SfmScriptReport *report = g_new0(SfmScriptReport, 1);
    report->path = g_strdup(path);
    report->trials = g_ptr_array_new_with_free_func(free_trial);
    report->problems = g_ptr_array_new_with_free_func(g_free);
    report->remarks = g_ptr_array_new_with_free_func(g_free);
    return report;
}

void sfm_examination_init(SfmExamination *e, const char *path)
{
    g_autoptr(GError) error = NULL;
    *e = (SfmExamination){ .report = report_new(path) };
    e->script = sfm_script_load(path, &error);
    if (e->script)
        e->report->info = sfm_script_info_copy(sfm_script_info(e->script));
    else
        sfm_examination_problem(e, error->message, NULL);
}

void sfm_examination_clear(SfmExamination *e)
{
    sfm_script_free(e->script);
    sfm_script_report_free(e->report);
    *e = (SfmExamination){ 0 };
}

// ---- sentences --------------------------------------------------------------

// "it.lua:5: ..." of "it.lua:5: ...", "it.lua: ..." or "...".
static char *with_line(const SfmExamination *e, const char *sentence)
{
    g_autofree char *file = g_filename_display_basename(e->report->path);
    const bool has_file = g_str_has_prefix(sentence, file) && sentence[strlen(file)] == ':';
    const char *rest = has_file ? sentence + strlen(file) + 1 : sentence;
    const int line = e->script ? sfm_script_line(e->script) : -1;
    if (has_file && (g_ascii_isdigit(*rest) || line < 0))
        return g_strdup(sentence);
    if (g_str_has_prefix(sentence, e->report->path) || line < 0)
        return g_strdup(sentence);
    return g_strdup_printf("%s:%d: %s", file, line, g_str_has_prefix(rest, " ") ? rest + 1 : rest);
}

// A fault that shows under many circumstances is one fault.
static void add(const SfmExamination *e, GPtrArray *sentences, const char *sentence,
                const char *circumstances)
{
    g_autofree char *text = with_line(e, sentence);
    for (guint i = 0; i < sentences->len; i++) {
        if (g_str_has_prefix(sentences->pdata[i], text))
            return;
    }
    g_ptr_array_add(sentences, circumstances && *circumstances
                                   ? g_strdup_printf("%s (%s)", text, circumstances)
                                   : g_steal_pointer(&text));
}

void sfm_examination_problem(SfmExamination *e, const char *sentence, const char *circumstances)
{
    add(e, e->report->problems, sentence, circumstances);
}

void sfm_examination_remark(SfmExamination *e, const char *sentence, const char *circumstances)
{
    add(e, e->report->remarks, sentence, circumstances);
}

// ---- variants ---------------------------------------------------------------

// Integers of fewer values are tried with all of them; notches of a range, which
// are a knob's `step`.
enum { FEW = 10, NEAR = 10, FAR = 100 };

static char *number_setting(const SfmParam *param, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    return g_strdup_printf("%s=%s", param->name, g_ascii_dtostr(text, sizeof text, value));
}

// The setting by which a knob is at its default.
static char *default_setting(const SfmParam *param)
{
    if (param->type == SFM_PARAM_BOOLEAN)
        return g_strdup_printf("%s=%s", param->name, param->default_number != 0 ? "true" : "false");
    if (param->default_text)
        return g_strdup_printf("%s=%s", param->name, param->default_text);
    return number_setting(param, param->default_number);
}

// Of values that the script itself has declared.
static void set(SfmScript *script, const char *setting)
{
    const char *equals = strchr(setting, '=');
    g_autofree char *name = g_strndup(setting, (gsize)(equals - setting));
    if (!sfm_script_set(script, name, equals + 1, NULL))
        g_assert_not_reached();
}

void sfm_script_set_variant(SfmScript *script, const char *variant)
{
    const SfmScriptInfo *info = sfm_script_info(script);
    for (size_t i = 0; i < info->num_params; i++) {
        g_autofree char *setting = default_setting(&info->params[i]);
        set(script, setting);
    }
    if (*variant)
        set(script, variant);
}

// Whether a sampler claims something else there than by default.
static bool claims_otherwise(SfmScript *script, const char *variant)
{
    SfmScriptClaims usual, now;
    if (sfm_script_info(script)->kind != SFM_SCRIPT_SAMPLER)
        return false;
    sfm_script_set_variant(script, "");
    if (!sfm_script_claims(script, &usual, NULL))
        return false;
    sfm_script_set_variant(script, variant);
    return !sfm_script_claims(script, &now, NULL) || now.order != usual.order ||
           now.evals != usual.evals || now.stochastic != usual.stochastic;
}

static void add_if_it_matters(GPtrArray *variants, SfmScript *script, const SfmParam *param,
                              double value)
{
    g_autofree char *variant = number_setting(param, value);
    if (isfinite(value) && value != param->default_number && claims_otherwise(script, variant))
        g_ptr_array_add(variants, g_steal_pointer(&variant));
}

// An end of a range that is a hundred notches away is there to be safe, not to be
// used: ten are tried instead.
static double far_value(const SfmParam *param, double end)
{
    const double way = end - param->default_number;
    if (param->step == 0 || fabs(way) <= FAR * param->step)
        return end;
    return param->default_number + copysign(NEAR * param->step, way);
}

static void add_numbers(GPtrArray *variants, SfmScript *script, const SfmParam *param)
{
    const bool few = param->type == SFM_PARAM_INTEGER && param->max - param->min < FEW;
    add_if_it_matters(variants, script, param, far_value(param, param->min));
    for (double value = param->min + 1; few && value < param->max; value++)
        add_if_it_matters(variants, script, param, value);
    if (param->max > param->min)
        add_if_it_matters(variants, script, param, far_value(param, param->max));
}

// Of one knob.
static void add_variants(GPtrArray *variants, SfmScript *script, const SfmParam *param)
{
    if (param->type == SFM_PARAM_BOOLEAN)
        g_ptr_array_add(variants, g_strdup_printf("%s=%s", param->name,
                                                  param->default_number != 0 ? "false" : "true"));
    else if (param->type == SFM_PARAM_NUMBER || param->type == SFM_PARAM_INTEGER)
        add_numbers(variants, script, param);
    for (char **choice = param->choices; choice && *choice; choice++) {
        if (strcmp(*choice, param->default_text) != 0)
            g_ptr_array_add(variants, g_strdup_printf("%s=%s", param->name, *choice));
    }
}

char **sfm_script_variants(SfmScript *script)
{
    const SfmScriptInfo *info = sfm_script_info(script);
    GPtrArray *variants = g_ptr_array_new();
    g_ptr_array_add(variants, g_strdup(""));
    for (size_t i = 0; i < info->num_params; i++)
        add_variants(variants, script, &info->params[i]);
    g_ptr_array_add(variants, NULL);
    return (char **)g_ptr_array_free(variants, FALSE);
}
