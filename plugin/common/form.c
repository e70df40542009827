// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/form.h"

#include <string.h>

static const char group[] = "diffusion-generate";

static char **text_of(const SfmForm *form, const SfmArgument *argument)
{
    g_assert(argument->type == SFM_ARGUMENT_TEXT);
    return (char **)((char *)form + argument->offset);
}

static void *number_of(const SfmForm *form, const SfmArgument *argument)
{
    g_assert(argument->type != SFM_ARGUMENT_TEXT);
    return (char *)form + argument->offset;
}

void sfm_form_init(SfmForm *form)
{
    memset(form, 0, sizeof(*form));
    for (int i = 0; i < SFM_NUM_ARGUMENTS; i++)
        if (sfm_arguments[i].type == SFM_ARGUMENT_TEXT)
            *text_of(form, &sfm_arguments[i]) = g_strdup("");
}

void sfm_form_clear(SfmForm *form)
{
    for (int i = 0; i < SFM_NUM_ARGUMENTS; i++)
        if (sfm_arguments[i].type == SFM_ARGUMENT_TEXT)
            g_clear_pointer(text_of(form, &sfm_arguments[i]), g_free);
}

void sfm_form_copy(const SfmForm *from, SfmForm *to)
{
    for (int i = 0; i < SFM_NUM_ARGUMENTS; i++) {
        const SfmArgument *argument = &sfm_arguments[i];
        if (argument->type == SFM_ARGUMENT_TEXT)
            sfm_form_set_text(to, argument, sfm_form_text(from, argument));
        else
            sfm_form_set_number(to, argument, sfm_form_number(from, argument));
    }
}

const char *sfm_form_text(const SfmForm *form, const SfmArgument *argument)
{
    return *text_of(form, argument);
}

double sfm_form_number(const SfmForm *form, const SfmArgument *argument)
{
    const void *field = number_of(form, argument);
    return argument->type == SFM_ARGUMENT_INTEGER ? *(const int *)field : *(const double *)field;
}

void sfm_form_set_text(SfmForm *form, const SfmArgument *argument, const char *text)
{
    char *copy = g_strdup(text ? text : "");
    g_free(*text_of(form, argument));
    *text_of(form, argument) = copy;
}

void sfm_form_set_number(SfmForm *form, const SfmArgument *argument, double number)
{
    void *field = number_of(form, argument);
    if (argument->type == SFM_ARGUMENT_INTEGER)
        *(int *)field = (int)number;
    else
        *(double *)field = number;
}

static bool in_range(const SfmArgument *argument, double number)
{
    return number >= argument->min && number <= argument->max; // NaN is not
}

bool sfm_form_check(const SfmForm *form, GError **error)
{
    for (int i = 0; i < SFM_NUM_ARGUMENTS; i++) {
        const SfmArgument *argument = &sfm_arguments[i];
        if (argument->type == SFM_ARGUMENT_TEXT)
            continue;
        const double number = sfm_form_number(form, argument);
        if (in_range(argument, number))
            continue;
        g_set_error(error, SFM_ERROR, SFM_ERROR_BAD_ARGUMENT, "%s must be %.0f to %.0f, but is %g",
                    argument->name, argument->min, argument->max, number);
        return false;
    }
    g_auto(GStrv) settings = sfm_form_settings(form, error);
    return settings != NULL;
}

bool sfm_model_check(const SfmModelInfo *model, GError **error)
{
    if (model->broken)
        g_set_error_literal(error, SFM_ERROR, SFM_ERROR_BAD_FILE, model->broken);
    else if (model->channels != 1 && model->channels != 3)
        g_set_error(error, SFM_ERROR, SFM_ERROR_UNSUPPORTED,
                    "%s has %d channels, which is no picture", model->name, model->channels);
    else
        return true;
    return false;
}

int sfm_first_model(const GPtrArray *models)
{
    for (guint i = 0; i < models->len; i++)
        if (sfm_model_check(models->pdata[i], NULL))
            return (int)i;
    return -1;
}

static void replace(char **field, const char *text)
{
    g_free(*field);
    *field = g_strdup(text ? text : "");
}

void sfm_form_take_card(SfmForm *form, const SfmModelInfo *model)
{
    const bool needs_class = model->num_classes > 0 && !model->guidance;
    replace(&form->model, model->name);
    replace(&form->class_name, needs_class ? model->classes[0] : "");
    replace(&form->schedule, model->schedule);
    replace(&form->sampler, model->sampler);
    replace(&form->script_params, "");
    form->steps = model->steps;
    form->guidance = model->guidance ? model->default_guidance : 0;
}

// A shell's words; none is an error to GLib, but not to us.
static bool split(const char *text, char ***words, GError **error)
{
    if (text[strspn(text, " \t\n")] == '\0') {
        *words = g_new0(char *, 1);
        return true;
    }
    g_autoptr(GError) cause = NULL;
    if (g_shell_parse_argv(text, NULL, words, &cause))
        return true;
    g_set_error(error, SFM_ERROR, SFM_ERROR_BAD_ARGUMENT, "script-params cannot be read: %s",
                cause->message);
    return false;
}

char **sfm_form_settings(const SfmForm *form, GError **error)
{
    g_auto(GStrv) words = NULL;
    if (!split(form->script_params, &words, error))
        return NULL;
    for (char **word = words; *word; word++) {
        const char *equals = strchr(*word, '=');
        if (equals && equals != *word)
            continue;
        g_set_error(error, SFM_ERROR, SFM_ERROR_BAD_ARGUMENT,
                    "script-params: \"%s\" is not of the form name=value", *word);
        return NULL;
    }
    return g_steal_pointer(&words);
}

SfmJobParams sfm_form_request(const SfmForm *form, char **settings)
{
    return (SfmJobParams){
        .model = form->model,
        .schedule = form->schedule,
        .sampler = form->sampler,
        .num_steps = form->steps,
        .seed = form->seed,
        .width = form->width,
        .height = form->height,
        .num_images = MAX(form->count, 1),
        .class_name = form->class_name,
        .guidance = form->guidance,
        .settings = (const char *const *)settings,
    };
}

char *sfm_form_save(const SfmForm *form)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    for (int i = 0; i < SFM_NUM_ARGUMENTS; i++) {
        const SfmArgument *argument = &sfm_arguments[i];
        if (argument->type == SFM_ARGUMENT_TEXT)
            g_key_file_set_string(file, group, argument->name, sfm_form_text(form, argument));
        else
            g_key_file_set_double(file, group, argument->name, sfm_form_number(form, argument));
    }
    return g_key_file_to_data(file, NULL, NULL);
}

static void load_argument(SfmForm *form, const SfmArgument *argument, GKeyFile *file)
{
    g_autoptr(GError) error = NULL;
    if (argument->type == SFM_ARGUMENT_TEXT) {
        g_autofree char *text = g_key_file_get_string(file, group, argument->name, &error);
        if (text)
            sfm_form_set_text(form, argument, text);
        return;
    }
    const double number = g_key_file_get_double(file, group, argument->name, &error);
    if (!error && in_range(argument, number))
        sfm_form_set_number(form, argument, number);
}

void sfm_form_load(SfmForm *form, const char *text)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    if (!g_key_file_load_from_data(file, text, strlen(text), G_KEY_FILE_NONE, NULL))
        return;
    for (int i = 0; i < SFM_NUM_ARGUMENTS; i++)
        load_argument(form, &sfm_arguments[i], file);
}
