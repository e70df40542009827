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

static const char *boolean_text(double value)
{
    return value != 0 ? "true" : "false";
}

// Of one knob.
static void add_variants(GPtrArray *variants, const SfmParam *param)
{
    if (param->type == SFM_PARAM_BOOLEAN)
        g_ptr_array_add(variants, g_strdup_printf("%s=%s", param->name,
                                                  boolean_text(param->default_number == 0)));
    for (char **choice = param->choices; choice && *choice; choice++) {
        if (strcmp(*choice, param->default_text) != 0)
            g_ptr_array_add(variants, g_strdup_printf("%s=%s", param->name, *choice));
    }
}

char **sfm_script_variants(const SfmScriptInfo *info)
{
    GPtrArray *variants = g_ptr_array_new();
    g_ptr_array_add(variants, g_strdup(""));
    for (size_t i = 0; i < info->num_params; i++)
        add_variants(variants, &info->params[i]);
    g_ptr_array_add(variants, NULL);
    return (char **)g_ptr_array_free(variants, FALSE);
}

// Of values that the script itself has declared.
static void set(SfmScript *script, const char *name, const char *value)
{
    if (!sfm_script_set(script, name, value, NULL))
        g_assert_not_reached();
}

void sfm_script_set_variant(SfmScript *script, const char *variant)
{
    const SfmScriptInfo *info = sfm_script_info(script);
    for (size_t i = 0; i < info->num_params; i++) {
        const SfmParam *param = &info->params[i];
        if (param->type == SFM_PARAM_BOOLEAN)
            set(script, param->name, boolean_text(param->default_number));
        else if (param->type == SFM_PARAM_CHOICE)
            set(script, param->name, param->default_text);
    }
    const char *equals = strchr(variant, '=');
    g_autofree char *name = equals ? g_strndup(variant, (gsize)(equals - variant)) : NULL;
    if (equals)
        set(script, name, equals + 1);
}
