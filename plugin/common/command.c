// SPDX-License-Identifier: GPL-3.0-or-later
//
// What must stay true: each word is quoted where a shell would make something else
// of it, and nowhere else, so that people can read it.

#include "common/command.h"

#include <string.h>

static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                            "_./:=@%+,-";

static void add_word(GString *line, const char *word)
{
    const bool is_plain = *word && word[strspn(word, plain)] == '\0';
    g_autofree char *quoted = is_plain ? NULL : g_shell_quote(word);

    if (line->len > 0)
        g_string_append_c(line, ' ');
    g_string_append(line, quoted ? quoted : word);
}

static void add_text(GString *line, const char *flag, const char *text)
{
    if (!*text)
        return;
    add_word(line, flag);
    add_word(line, text);
}

// The fewest digits that are read as this number again. The caller frees them.
static char *digits_of(double number)
{
    char digits[G_ASCII_DTOSTR_BUF_SIZE];

    for (int precision = 6; precision < 17; precision++) {
        g_autofree char *format = g_strdup_printf("%%.%dg", precision);
        g_ascii_formatd(digits, sizeof digits, format, number);
        if (g_ascii_strtod(digits, NULL) == number)
            return g_strdup(digits);
    }
    return g_strdup(g_ascii_dtostr(digits, sizeof digits, number));
}

// 0 leaves the choice to the card.
static void add_number(GString *line, const char *flag, double number)
{
    g_autofree char *digits = digits_of(number);

    if (number > 0)
        add_text(line, flag, digits);
}

static void add_size(GString *line, const SfmForm *form)
{
    g_autofree char *both = g_strdup_printf("%dx%d", form->width > 0 ? form->width : form->height,
                                            form->height > 0 ? form->height : form->width);

    if (!sfm_job_info(form->job)->inputs[0] && (form->width > 0 || form->height > 0))
        add_text(line, "--size", both);
}

// ---- knobs ------------------------------------------------------------------

// Whether a setting of the scripts means a knob of the job, "strength=0.5" or
// "job.strength=0.5", which the form overrides.
static bool names_knob(const char *setting, const char *knob)
{
    const size_t length = strlen(knob);

    if (g_str_has_prefix(setting, "job."))
        setting += strlen("job.");
    return strncmp(setting, knob, length) == 0 && setting[length] == '=';
}

static bool is_default(const SfmForm *form, const SfmArgument *knob)
{
    if (knob->type != SFM_ARGUMENT_TEXT)
        return sfm_form_number(form, knob) == knob->default_number;
    const char *text = sfm_form_text(form, knob);
    return !*text || g_strcmp0(text, knob->default_text) == 0;
}

// "--s-noise" of s_noise.
static char *flag_of(const SfmArgument *knob)
{
    return g_strdelimit(g_strconcat("--", knob->name, NULL), "_", '-');
}

// `setting` is "job.NAME=VALUE".
static void add_knob(GString *line, const SfmForm *form, const SfmArgument *knob,
                     char *const *settings)
{
    const char *value = NULL;
    int num_named = 0;

    for (size_t i = 0; settings[i]; i++) {
        if (!names_knob(settings[i], knob->name))
            continue;
        value = strchr(settings[i], '=') + 1; // the last is the form's own
        num_named++;
    }
    if (!value || (num_named == 1 && is_default(form, knob)))
        return;
    const SfmParamType type = sfm_job_info(form->job)->params[knob->knob].type;
    const bool is_number = type == SFM_PARAM_NUMBER || type == SFM_PARAM_INTEGER;
    g_autofree char *digits = is_number ? digits_of(sfm_form_number(form, knob)) : NULL;
    g_autofree char *flag = flag_of(knob);
    add_word(line, flag);
    add_word(line, digits ? digits : value);
}

static void add_knobs(GString *line, const SfmForm *form, char *const *settings)
{
    for (int i = 0; i < sfm_num_arguments(form->job); i++) {
        const SfmArgument at = sfm_argument(form->job, i);
        if (at.knob >= 0)
            add_knob(line, form, &at, settings);
    }
}

static bool is_of_job(const SfmForm *form, const char *setting)
{
    const SfmJobInfo *info = sfm_job_info(form->job);

    for (size_t i = 0; i < info->num_params; i++) {
        if (names_knob(setting, info->params[i].name))
            return true;
    }
    return false;
}

static void add_script_settings(GString *line, const SfmForm *form, char *const *settings)
{
    for (size_t i = 0; settings[i]; i++) {
        if (!is_of_job(form, settings[i]))
            add_text(line, "--set", settings[i]);
    }
}

// A recipe that names none was made with the usual ones, whatever has been tuned since.
static void add_kernels(GString *line, const SfmForm *form)
{
    if (form->kernels && !form->kernels[0])
        add_text(line, "--kernel", "usual");
    for (size_t i = 0; form->kernels && form->kernels[i]; i++)
        add_text(line, "--kernel", form->kernels[i]);
}

// ---- the line ---------------------------------------------------------------

static void add_files(GString *line, const SfmForm *form)
{
    const SfmJobInfo *info = sfm_job_info(form->job);

    for (size_t i = 0; info->inputs[i]; i++) {
        g_autofree char *file = g_strconcat(info->inputs[i], ".png", NULL);
        add_word(line, file);
    }
    add_text(line, "--output", "out.png");
}

char *sfm_form_command(const SfmForm *form, GError **error)
{
    g_auto(GStrv) settings = sfm_form_settings(form, error);
    if (!settings)
        return NULL;
    g_autofree char *seed = g_strdup_printf("%d", form->seed);
    const SfmFormEach *each = &form->each[form->job];
    GString *line = g_string_new("sfumato");

    add_word(line, sfm_job_info(form->job)->name);
    add_text(line, "--model", form->model);
    add_text(line, "--class", form->class_name);
    add_size(line, form);
    if (each->count > 1)
        add_number(line, "--count", each->count);
    add_number(line, "--steps", each->steps);
    add_text(line, "--seed", seed);
    add_number(line, "--guidance", form->guidance);
    add_text(line, "--schedule", form->schedule);
    add_text(line, "--sampler", form->sampler);
    add_script_settings(line, form, settings);
    add_knobs(line, form, settings);
    add_kernels(line, form);
    add_text(line, "--device", form->device);
    add_files(line, form);
    return g_string_free(line, FALSE);
}
